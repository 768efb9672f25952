"""Mirroring: what of a ticket a tracker of issues is told, and what of it may be decided there. Pure."""
