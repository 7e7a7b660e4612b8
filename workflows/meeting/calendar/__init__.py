"""The calendars that we write: events, invitations, the letters that carry them (RFC 5545, 5546, 6047)."""
