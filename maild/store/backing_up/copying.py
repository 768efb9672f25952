"""Copying: a whole database out into files and back, whichever of the two kinds it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, make_url

from maild.errors import Refused
from maild.store.backing_up import postgresql, sqlite
from maild.store.database.opening import file_of
from maild.store.engine import Store

Then = Callable[[Connection], None]


@dataclass(frozen=True, kw_only=True)
class Copying:
    """One database."""

    url: str
    password: str | None

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return make_url(self.url).get_backend_name()

    def copy_out(self, folder: Path, *, with_secrets: bool) -> list[Path]:
        """Copy all of it, as of one moment, while others work on it; answers the files. Raises Refused or Deferred.

        `with_secrets`: with the keys that sign tokens.
        """
        if self.kind == "sqlite":
            path = file_of(make_url(self.url))
            if not path.exists():
                raise Refused(f"This desk has not begun yet: there is no {path}. No backup was made.")
            return sqlite.copy_database(path, folder, with_secrets=with_secrets)
        return postgresql.copy_database(self.url, self.password, folder, with_secrets=with_secrets)

    def refuse_work(self, *, replaces: bool) -> None:
        """Raises Refused where a database is there that nobody wants to lose."""
        if self.kind == "sqlite":
            path = file_of(make_url(self.url))
            if path.exists() and path.stat().st_size and not replaces:
                raise Refused(
                    f"There is a database: {path}. Nothing was changed. Stop maild and say --replace: it is moved aside, not deleted."
                )

    def put_back(self, folder: Path, *, then: Then, aside: str) -> Path | None:
        """Bring the files of `copy_out` to this version, do `then` in them, and put them in place, all or nothing.

        Answers where what was there lies now. Raises Refused.
        """
        if self.kind == "postgresql":
            postgresql.put_back(self.url, self.password, folder, then)
            return None
        copy = Store(f"sqlite:///{folder / sqlite.NAME}")
        try:
            copy.upgrade()
            copy.transact(then)
        finally:
            copy.close()
        return sqlite.put_back(file_of(make_url(self.url)), folder, aside=aside)
