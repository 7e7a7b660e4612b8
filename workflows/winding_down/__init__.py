"""The wind-down of a network."""
