"""Facts of one object of an export: each is asked for as what it should be, and what is not that is complained about."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from maild.history.complaints import Complaints
from maild.history.dates import EARLIEST
from maild.history.moments import read_moment


class Facts:
    """Fields of a JSON object, with where it stands."""

    def __init__(self, fields: Mapping[str, Any], place: str, complaints: Complaints, latest: datetime) -> None:
        self.fields, self.place = fields, place
        self._complaints, self._latest = complaints, latest

    def complain(self, words: str) -> None:
        """Note what is wrong with it."""
        self._complaints.add(words, place=self.place)

    def text(self, name: str) -> str:
        """A text or a number, empty where there is none."""
        value = self.fields.get(name)
        if value is None:
            return ""
        if isinstance(value, (dict, list)):
            self.complain(f"{name}: a text was expected, and not a list or an object")
            return ""
        return str(value)

    def need(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name).strip()
        if not value and not isinstance(self.fields.get(name), (dict, list)):
            self.complain(f"{name} is missing")
        return value

    def moment(self, name: str) -> datetime | None:
        """A point in time that must be there; a time without a zone is UTC."""
        written = self.need(name)
        if not written:
            return None
        at = read_moment(written, UTC)
        if at is None:
            self.complain(f"{name}: {written!r} is no time; 2026-03-02T09:30:00Z was expected")
        elif not EARLIEST <= at <= self._latest:
            self.complain(f"{name}: {written!r} is not between 1980 and now")
            return None
        return at

    def is_true(self, name: str, *, unless_told: bool) -> bool:
        """A yes or no."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            self.complain(f"{name}: true or false was expected, and not {value!r}")
        return value if isinstance(value, bool) else unless_told

    def objects(self, name: str, what: str) -> Iterator["Facts"]:
        """The objects of a list; `what` they are called in messages."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, list):
            self.complain(f"{name}: a list was expected")
            return
        for count, each in enumerate(value or (), start=1):
            found = self.within(each, f"{what} {count}")
            if found is not None:
                yield found

    def part(self, name: str) -> Mapping[str, Any]:
        """The fields of an object that may be there."""
        value = self.fields.get(name)
        return value if isinstance(value, dict) else {}

    def count(self, name: str) -> int:
        """How long a list is."""
        value = self.fields.get(name)
        return len(value) if isinstance(value, list) else 0

    def texts(self, name: str) -> list[str]:
        """The texts of a list."""
        value = self.fields.get(name)
        return [str(each) for each in value if isinstance(each, (str, int))] if isinstance(value, list) else []

    def within(self, value: object, what: str) -> "Facts | None":
        """What stands inside of it."""
        if not isinstance(value, dict):
            self.complain(f"{what}: an object was expected")
            return None
        return Facts(value, f"{self.place}, {what}", self._complaints, self._latest)
