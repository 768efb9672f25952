"""Tables, queries and migrations: the same code on SQLite and on PostgreSQL."""
