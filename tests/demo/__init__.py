"""The demo and its sandbox."""
