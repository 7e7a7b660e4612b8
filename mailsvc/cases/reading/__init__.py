"""Reading answers: from what a person typed to decisions, in five languages (words.md). Pure; knows no case."""
