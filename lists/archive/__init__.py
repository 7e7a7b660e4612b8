"""Posts that went out, to be read again: made ready beside the writer, on pages, by mail; and forgotten."""
