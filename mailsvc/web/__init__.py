"""The web edge: directory, unsubscribing, health, metrics and the mailroom; the only importer of Starlette."""
