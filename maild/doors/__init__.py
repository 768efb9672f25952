"""Doors to foreign worlds: one world a file, foreign exceptions stop here, unknown means temporary."""
