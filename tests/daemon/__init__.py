"""What a daemon watches while it runs."""
