"""A simulated desk: its people, their mail clients, a moving clock, and what must be true in the end."""
