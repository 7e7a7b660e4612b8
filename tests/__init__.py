"""Tests; the folders say of what kind."""
