"""Everything that waits for a person: questions, answers, deadlines."""
