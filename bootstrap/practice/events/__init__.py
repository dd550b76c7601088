"""The event service: its switch, catalogue, subscriptions, schedules, filters and history."""
