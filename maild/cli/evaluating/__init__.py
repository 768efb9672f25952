"""`maild evaluate` in parts: where texts and models come from, and how the answer is shown."""
