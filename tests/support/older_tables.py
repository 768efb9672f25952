"""Tables of an older maild: the first migrations alone."""

from pathlib import Path

from alembic import command

from maild.store.database.migrating import configuration
from maild.store.database.opening import WRITES, make_file, open_engine

FIRST = "0001"


def make_older(url: str) -> None:
    """Bring an empty database to the first version of the tables."""
    if url.startswith("sqlite"):
        make_file(Path(url.removeprefix("sqlite:///")))
    engine = open_engine(url, None, for_migration=True)
    with engine.connect() as plain:
        connection = plain.execution_options(**{WRITES: True})
        command.upgrade(configuration(connection), FIRST)
        connection.commit()
    engine.dispose()
