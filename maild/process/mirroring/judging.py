"""What somebody decided in the tracker since we looked last, and whether it still counts: the later decision wins.

Three states of each field are compared: as we told it last (`told`), as the tracker was seen last (`seen`), and as both are
now. What is as we told it is an echo of ours, whoever is said to have done it.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maild.process.tracker import Entry, Field, Fields, Issue, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A ticket beside its issue."""

    ours: Fields
    """As the ticket is now."""

    told: Fields
    seen: Fields
    theirs: Fields
    """As the issue is now."""

    issue: Issue
    decided_at: Mapping[Field, datetime]
    """When a person last decided the field here; nothing where only maild did."""

    known: AbstractSet[str] = frozenset()
    """What has been dealt with before."""

    viewer: str = ""
    """The id of whoever owns our key."""

    is_viewer_human: bool = False
    """The key belongs to somebody of the desk, who may decide things in the tracker themselves."""

    forgotten_until: datetime | None = None
    """What maild told until then is not known here: a backup was restored since. None: there was none."""

    is_whole: bool = False
    """All that ever happened to the issue was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One field that somebody has decided in the tracker."""

    id: str
    """Of the entry in its history."""

    field: Field
    value: Any
    by: User | None
    """None: an automation, or nobody knows."""

    at: datetime
    overruled_at: datetime | None
    """When it was decided otherwise here, later."""


def judge(look: Look) -> Iterator[Decided]:
    """Decide what is new, field by field; what both sides agree on is not."""
    for field in Field:
        found = _find(look, field)
        if found is None or found.id in look.known or found.value == look.ours.value(field):
            continue
        yield found


def find_forgotten(look: Look) -> Iterator[Field]:
    """Fields that stand as the maild told them that a restored backup knows nothing of.

    They are nobody's decision, and the issue is to stand as the ticket does.
    """
    return (field for field in Field if _is_forgotten(look, field))


def _is_forgotten(look: Look, field: Field) -> bool:
    theirs, until = look.theirs.value(field), look.forgotten_until
    if until is None or look.is_viewer_human or theirs == look.told.value(field):
        return False
    entries = [entry for entry in look.issue.entries if entry.field is field and entry.id not in look.known]
    if not entries:
        return look.is_whole
    if not all(_is_ours(entry, look) for entry in (entries if field is Field.LABELS else entries[-1:])):
        return False
    return entries[-1].at <= until and (field is Field.LABELS or entries[-1].value == theirs)


def _is_ours(entry: Entry, look: Look) -> bool:
    return entry.by is not None and entry.by.id == look.viewer


def _find(look: Look, field: Field) -> Decided | None:
    if _is_forgotten(look, field):
        return None
    theirs, told, seen = (each.value(field) for each in (look.theirs, look.told, look.seen))
    entries = _of_people(look, field)
    last = entries[-1] if entries else None
    if field is Field.LABELS:
        return None if theirs in (told, seen) else _decided(look, field, theirs, last)
    if last is not None and theirs in (last.value, told):
        # Where the issue is as we told it again, our change came on top of theirs before we had read it.
        return None if last.value == told else _decided(look, field, last.value, last)
    return None if theirs in (told, seen) else _decided(look, field, theirs, None)


def _decided(look: Look, field: Field, value: Any, entry: Entry | None) -> Decided:
    at = entry.at if entry else look.issue.updated_at
    ours = look.decided_at.get(field)
    return Decided(
        id=entry.id if entry else f"{look.issue.id} {field.value} {at.isoformat()}",
        field=field,
        value=value,
        by=entry.by if entry else None,
        at=at,
        overruled_at=ours if ours and ours > at else None,
    )


def _of_people(look: Look, field: Field) -> Sequence[Entry]:
    """What others than we did, oldest first. Whoever lent us their key may have done the last thing themselves."""
    of_field = [entry for entry in look.issue.entries if entry.field is field]
    last = of_field[-1] if of_field else None
    return [entry for entry in of_field if not _is_ours(entry, look) or (look.is_viewer_human and entry is last)]
