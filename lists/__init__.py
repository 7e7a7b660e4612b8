"""Groups and their members: posting, moderation, joining and leaving, commands, the directory."""
