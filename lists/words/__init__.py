"""What people write to groups: the words behind addresses and the words of commands, and how a mail is read by them."""
