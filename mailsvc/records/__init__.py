"""Public records: whole logs, the file of a decided matter, how long things are kept, what a person may ask for."""
