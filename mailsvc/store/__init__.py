"""Storage: one way to read, one way to write, and the numbered migrations."""
