"""Proposals of networks, from any mail to an established network, and initiatives to network groups."""
