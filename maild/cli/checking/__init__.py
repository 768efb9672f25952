"""What `maild check` tries: one file for each part of the world."""
