"""Desired and current state become a diff, a plan, an apply and a report. Never names a kind."""
