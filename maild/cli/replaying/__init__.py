"""What a replay tells: on a terminal, as JSON, as a page with pictures."""
