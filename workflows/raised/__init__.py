"""Lifted questions: a network asks its preparation group or leadership, and gets the answer as a post."""
