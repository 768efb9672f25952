"""Reasons, which maild keeps in English, said to the people of a desk in its own language."""
