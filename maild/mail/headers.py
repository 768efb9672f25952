"""The header fields of a parsed tree, decoded once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import cached_property

from maild.mail.words import decode_words, restore, unfold


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One header field."""

    name: str
    """Lower case."""

    written: str
    """Unfolded, with its letters, encoded words as they were written."""

    text: str
    """Decoded, on one line."""


@dataclass(frozen=True, kw_only=True)
class Headers:
    """All header fields of a mail, in order."""

    fields: tuple[Field, ...]

    def all(self, name: str) -> Sequence[Field]:
        """Every field of that name (lower case), topmost first."""
        return self._by_name.get(name, ())

    def first(self, name: str) -> str | None:
        """The decoded value of the topmost field of that name (lower case)."""
        return next((field.text for field in self.all(name)), None)

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Field]]:
        """Some forty names are asked for, of twenty that are there."""
        named: defaultdict[str, list[Field]] = defaultdict(list)
        for field in self.fields:
            named[field.name].append(field)
        return named


def read_headers(message: "Message[str, str]") -> Headers:
    """Decode each field; a field that is not text is left out."""
    return Headers(fields=tuple(_read(name, str(value)) for name, value in message.raw_items()))


def _read(name: str, value: str) -> Field:
    written = unfold(restore(value))
    return Field(name=name.lower(), written=written, text=decode_words(written))
