"""Whole jobs built from the rest: export, doctor, drift."""
