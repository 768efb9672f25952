"""The sheet: what was gathered about an issue, from where, and what is missing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, Self

from maild.mail.message import Mail
from maild.process.gathering.kinds import KINDS
from maild.process.gathering.material import Material, Place, take_material

MOST_OF_A_MAIL, MOST = 5, 10
"""Values of one kind that are kept: from one mail, and on the sheet (the newest)."""

LONGEST_VALUE, LONGEST_WORDS = 200, 120
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that a mail tells."""

    kind: str
    """A name of `KINDS`."""

    value: str
    words: str
    """What stands around it in the mail, on one line, or the attachment's name."""

    mail: int
    """Row of the arrival that it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is known about one ticket's issue."""

    found: tuple[Found, ...] = ()
    """By kind in the order of `KINDS`, of one kind the oldest first."""

    required: tuple[str, ...] = ()
    """Kinds that the ticket's category needs."""

    is_damaged: bool = False
    """What is kept cannot be read; it stays as it is until a person has corrected it."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What is required and neither found nor told by something else that was found."""
        there = {each.kind for each in self.found}
        return tuple(kind for kind in self.required if there.isdisjoint((kind, *KINDS[kind].told_by)))

    def document(self) -> dict[str, Any]:
        """Give the JSON of the store and of `maild show`."""
        found = [asdict(each) for each in self.found]
        return {"found": found, "required": list(self.required), "missing": list(self.missing)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read what `document` wrote; kinds that this version does not know are left out."""
        found = tuple(
            Found(kind=each["kind"], value=each["value"], words=each["words"], mail=each["mail"])
            for each in document["found"]
            if each["kind"] in KINDS
        )
        return cls(found=found, required=tuple(kind for kind in document["required"] if kind in KINDS))


def gather(mail: Mail, *, mail_id: int) -> tuple[Found, ...]:
    """Everything that the mail's author tells now, in subject, new text and attachments."""
    return gather_material(take_material(mail), mail_id=mail_id)


def gather_material(material: Material, *, mail_id: int) -> tuple[Found, ...]:
    """The same for what has been taken from a mail already."""
    return tuple(found for kind in KINDS for found in _gather_kind(kind, material, mail_id))


def merge(sheet: Sheet, found: Sequence[Found], *, required: Sequence[str]) -> Sheet:
    """Add what another mail of the client tells; what was known already keeps its first source."""
    known = {_identity(each) for each in sheet.found}
    new = [each for each in found if _identity(each) not in known]
    kept = [each for kind in KINDS for each in _of_kind(kind, (*sheet.found, *new))]
    return replace(sheet, found=tuple(kept), required=tuple(kind for kind in required if kind in KINDS))


def _gather_kind(kind: str, material: Material, mail_id: int) -> Iterator[Found]:
    distinct: dict[str, Found] = {}
    # Of a mail that is full of one thing the beginning says enough.
    for place in islice(KINDS[kind].find(material), 20 * MOST_OF_A_MAIL):
        value = " ".join(place.value.split())[:LONGEST_VALUE]
        found = Found(kind=kind, value=value, words=_words(material.text, place), mail=mail_id)
        distinct.setdefault(value.casefold(), found)
    longer = [value for value in distinct if " " in value]
    kept = (found for value, found in distinct.items() if not any(other.startswith(f"{value} ") for other in longer))
    return islice(kept, MOST_OF_A_MAIL)


def _words(text: str, place: Place) -> str:
    """The line around a place, in whole words; the place itself is never cut off."""
    if place.start == place.end:
        return place.value[:LONGEST_WORDS]
    room = max(0, LONGEST_WORDS - (place.end - place.start)) // 2
    line_start = text.rfind("\n", 0, place.start) + 1
    start = max(line_start, place.start - room)
    if start > line_start and not text[start - 1].isspace():
        start = next((each for each in range(start, place.start) if text[each].isspace()), start)
    found = text.find("\n", place.end)
    line_end = len(text) if found < 0 else found
    end = min(line_end, place.end + room)
    if end < line_end and not text[end].isspace():
        end = next((each for each in range(end, place.end, -1) if text[each - 1].isspace()), end)
    return " ".join(text[start:end].split())[:LONGEST_VALUE]


def _of_kind(kind: str, found: Sequence[Found]) -> list[Found]:
    return [each for each in found if each.kind == kind][-MOST:]


def _identity(found: Found) -> tuple[str, str]:
    return found.kind, found.value.casefold()
