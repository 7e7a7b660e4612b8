"""Two networks become one."""
