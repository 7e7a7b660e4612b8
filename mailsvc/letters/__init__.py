"""Letters: what the service itself writes, from a template to text and HTML in the recipient's language."""
