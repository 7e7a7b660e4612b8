"""One folder per workflow; each builds on lists.api and mailsvc, never on another workflow."""
