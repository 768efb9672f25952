"""The line from a mailbox to a ticket."""
