"""Calendar feeds, and what two calendars say of the same hour."""
