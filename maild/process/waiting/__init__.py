"""Who waits while many write: ranks, shares and turns. Pure."""
