"""The project itself: its shape and its libraries."""
