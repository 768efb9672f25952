"""What holds for any table and both databases: how it is opened, written, told apart, and heard."""
