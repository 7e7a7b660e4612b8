"""After a meeting: notes, attendance, signatures, and the end of a circle."""
