"""What must be true of a desk after any month, each checked from the raw rows of the store and from what really happened."""
