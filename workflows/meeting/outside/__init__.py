"""Calling from somebody's own calendar, and following it."""
