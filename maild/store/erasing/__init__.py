"""Erasing: what is a person's in the store, what becomes of each row of it, and what remains."""
