"""The directory: what groups say of themselves, who may see it, and how it is searched."""
