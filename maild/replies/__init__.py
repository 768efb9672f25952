"""Event to outgoing mail: who is told what, in which words."""
