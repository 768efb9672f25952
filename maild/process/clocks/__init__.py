"""Clocks: what a ticket owes, by when, and what it was promised. Pure."""
