"""Desks that read commands or pass mail on: `N-request@`, `N-owner@`, `help@`, `find@`, `test@`."""
