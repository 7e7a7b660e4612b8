"""Sounding board: one question to a network through `N-round@`, one compiled answer back."""
