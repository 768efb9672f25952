"""Find: what the desk knows about a mail, and what its author wants, before anything is decided."""
