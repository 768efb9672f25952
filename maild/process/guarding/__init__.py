"""What may go to a client: words that are meant for them, and none that must stay in the house. Pure."""
