"""Mail that goes out: once, or shown as uncertain."""
