"""Meetings: when they are, the calendars that invite to them, and what calendar programs answer."""
