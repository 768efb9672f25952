"""Tables at the start: made, or brought to this version, where no other machine can be at work on older ones."""

from maild.errors import Refused
from maild.store.engine import Store


def upgrade_safely(store: Store) -> None:
    """Make the tables of a new database; on SQLite, which one machine has for itself, also bring older ones forward.

    Raises Refused for older tables on PostgreSQL, and what `Store.upgrade` raises.
    """
    if store.is_postgresql and store.is_older():
        raise Refused(
            f"{store.name} has the tables of an older maild, and other machines may be at work on them; nothing was "
            "changed. Stop every maild on this database, run `maild db upgrade` once, and start them again."
        )
    store.upgrade()
