"""The calendars that others write, read as values; nothing in them is trusted."""
