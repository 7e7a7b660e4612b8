"""Moving in from another list manager, and out again: what its files say read as values, and taken over whole."""
