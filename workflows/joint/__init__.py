"""Joint bodies: matters that two or more parties answer, outcomes, minutes that both sides sign."""
