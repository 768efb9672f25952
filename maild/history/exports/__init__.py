"""Exports: what other systems write of their tickets when they are left; a system is one file and one row of `systems`."""
