"""Before a meeting: its agenda, and who prepares the introduction."""
