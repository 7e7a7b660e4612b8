"""Mail in: the SMTP conversation with all its limits, and the durable accept behind it."""
