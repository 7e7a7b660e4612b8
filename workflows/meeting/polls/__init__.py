"""Polls of dates: from the dates offered to the meeting booked."""
