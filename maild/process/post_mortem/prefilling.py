"""Prefill: what a ticket itself says for its post-mortem, so that its TSM need not write it. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from maild.process.post_mortem.parts import Part
from maild.process.ticket import Ticket

MOST_LINES, LINE_LIMIT = 8, 300
_REPLY = re.compile(r"(?i)^\s*(?:(?:re|aw|sv|fwd?|wg|tr|rv|antw)\s*:\s*)+")
_FAREWELL = re.compile(
    r"(?i)(?:(?:best|kind|warm|many)? ?(?:regards|wishes)|thanks|thank you|many thanks|cheers|sincerely|yours\b.*"
    r"|(?:mit )?(?:(?:freundliche[nr]?|beste[nr]?|liebe[nr]?|viele|herzliche[nr]?|sch\u00f6ne[nr]?) )?gr(?:\u00fc|ue)(?:\u00df|ss)e?n?|(?:vielen )?dank(?:e)?"
    r"|(?:bien )?cordialement|bien \u00e0 vous|merci.*|(?:un )?saludos?(?: cordiales| cordial)?|atentamente|(?:muchas )?gracias)[\s,.!]*"
)
_TELLING = ("error message", "error code", "version")
"""Kinds of the sheet that are symptoms, or tell where they show."""


def prefill(
    ticket: Ticket, *, asked: str, answers: Sequence[str], reason: str, found: str, open_for: timedelta
) -> Mapping[Part, str]:
    """What is known of each part.

    `asked`: the client's first mail; `answers`: what the client was told and what held; `reason`: words by which it was closed,
    which may have been for the house; `found`: what engineering answered last; `open_for`: working time from its beginning to its
    end. Only what the client was told stands under Fix: that part may be shown to other clients.
    """
    known = {
        Part.PROBLEM: _REPLY.sub("", ticket.subject).strip(),
        Part.SYMPTOMS: "\n".join(dict.fromkeys([*_from_sheet(ticket, asked), *telling_lines(asked)])),
        Part.FIX: "\n".join(dict.fromkeys(line for answer in answers for line in telling_lines(answer))),
        Part.HOW_FOUND: "\n".join(telling_lines(found) or telling_lines(reason)),
        Part.TIME_SPENT: f"\N{LESS-THAN OR EQUAL TO} {_hours(open_for)}",
    }
    return {part: text for part, text in known.items() if text}


def _from_sheet(ticket: Ticket, asked: str) -> Sequence[str]:
    """What came later; a version says little without the words around it, and of the first mail its line stands here anyway."""
    if ticket.sheet is None:
        return ()
    told = "\n".join(telling_lines(asked))
    telling = [found for found in ticket.sheet.found if found.kind in _TELLING and found.value not in told]
    return [one.words if one.kind == "version" else one.value for one in telling][:MOST_LINES]


def telling_lines(text: str) -> Sequence[str]:
    """Whole lines without greeting, farewell and small print."""
    lines = [line.strip() for line in text.partition("\n-- ")[0].splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].endswith((",", "!")) and len(lines[0].split()) <= MOST_LINES // 2:
        lines = lines[1:]
    end = next((at for at, line in enumerate(lines) if at and _FAREWELL.fullmatch(line)), len(lines))
    return [line[:LINE_LIMIT] for line in lines[:end][:MOST_LINES]]


def _hours(time: timedelta) -> str:
    minutes = max(1, round(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")))
