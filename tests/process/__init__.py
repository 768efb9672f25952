"""The process as pure decisions."""
