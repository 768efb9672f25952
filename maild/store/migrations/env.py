"""Alembic's entry: runs the revisions on the connection, and in the transaction, that maild hands in."""

from alembic import context

from maild.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
