"""What a client's reply means: its signs, what stands beside them, and whether all of it is understood."""
