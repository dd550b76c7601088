"""The surface: from the raw request line to a room's route, and back."""
