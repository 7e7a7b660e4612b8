"""Members: joining and leaving, rosters, and what is kept about a person."""
