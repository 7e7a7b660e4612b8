"""The idea box: every idea gets an answer, also one without a name, and some months later whether it worked."""
