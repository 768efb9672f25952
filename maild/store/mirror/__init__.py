"""The mirror of tickets in a tracker: issues, comments, and what was heard from there."""
