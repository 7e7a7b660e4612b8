"""Posts: whether a mail to a group goes out, what moderators decide about it, and how it looks when it does."""
