"""The command line of groups and their people."""
