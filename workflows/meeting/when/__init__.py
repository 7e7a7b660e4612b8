"""When a meeting is: what people write in five languages read as times, and times said again."""
