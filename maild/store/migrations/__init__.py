"""How the tables came to be: one file a step, run by alembic, never changed once released."""
