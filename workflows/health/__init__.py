"""The yearly letter to the moderators of a network."""
