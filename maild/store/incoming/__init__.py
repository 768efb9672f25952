"""Mail that came: its mailboxes, its bytes, who takes it in next, and what the desk looks up about it."""
