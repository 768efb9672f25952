"""Tickets and what hangs on them, as the desk reads and writes them."""
