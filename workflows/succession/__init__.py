"""The change of a moderator or deputy."""
