"""What people and programs are shown (CONTRACT.md, JSON): one kind of thing a file, read only."""
