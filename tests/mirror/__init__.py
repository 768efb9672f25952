"""Tickets mirrored in Linear."""
