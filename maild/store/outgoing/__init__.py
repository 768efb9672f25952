"""Mail that goes: what is due, who submits it, and what became of it."""
