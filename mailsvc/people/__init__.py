"""People: one human or shared mailbox each, with one or several addresses and a language."""
