"""What operators do from the command line: check, back up, restore, look into queues, cases and records."""
