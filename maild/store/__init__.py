"""Tables, queries and migrations: the same code on SQLite and on PostgreSQL.

`engine` is the store: one database and its transactions. Below it are `tables` and what holds for any of them (`database`); around it,
by subject, what is asked and written: `incoming` mail, the `desk`'s tickets, `outgoing` mail, `knowledge`, `models`, the `mirror`. `view` is
what commands show; `backing_up` and `erasing` are what happens to all of it.
"""
