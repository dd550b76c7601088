"""Figures and ratios, printed. Nothing here is a promise, and no test depends on it."""
