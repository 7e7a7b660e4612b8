"""Mail out: the queue of outgoing mail, the courier, and the two transports (relay, mailroom)."""
