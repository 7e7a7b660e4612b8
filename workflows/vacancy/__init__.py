"""A network without a moderator or deputy."""
