"""Writes every kind of reply in every language to a folder, to be looked at: python -m maild.replies.preview FOLDER."""

import sys
from datetime import time
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

from maild.process.calendar import Calendar, Span
from maild.process.category import Category
from maild.process.desk import Desk
from maild.process.people.team import OtherTeam, Person, Team
from maild.process.priority import Priorities
from maild.process.ticket import Role
from maild.replies.compose import compose
from maild.replies.specimens import specimens
from maild.replies.voice import Voice

_GUIDE = """
## First
1. One person or everybody?
2. What does the log say at that minute?

## Then
- **Locked**: unlock, and ask what locked it.
"""


def preview(folder: Path) -> None:
    """One .txt, .html and .eml file of each kind and language."""
    for language in ("en", "de", "fr", "es"):
        voice = invented_voice(language)
        for occasion in specimens(voice, language):
            reply = compose(occasion, voice)
            message = message_from_bytes(reply.content, policy=policy.default)
            html = message.get_body(("html",))
            stem = folder / f"{occasion.kind}.{language}"
            stem.with_suffix(f".{language}.eml").write_bytes(reply.content)
            stem.with_suffix(f".{language}.txt").write_text(
                f"Subject: {reply.subject}\n\n{reply.text}", encoding="utf-8"
            )
            stem.with_suffix(f".{language}.html").write_text(html.get_content() if html else "", encoding="utf-8")


def invented_voice(language: str) -> Voice:
    """A small desk that works in the language."""
    zone = ZoneInfo("Europe/Berlin")
    lead = Person(name="Lena Vogt", addresses=("lena.vogt@acme.example",), role=Role.LEAD)
    billing = OtherTeam(name="Billing", address="billing@acme.example", takes=("billing",))
    return Voice.load(
        desk=Desk(name="Acme Support", address="support@acme.example", languages=(language,), time_zone=str(zone)),
        priorities=Priorities(
            urgency={1: "work stands still", 2: "work is hindered", 3: "can wait"},
            impact={1: "many people", 2: "a team", 3: "one person"},
            matrix={(urgency, impact): min(4, urgency + impact - 1) for urgency in (1, 2, 3) for impact in (1, 2, 3)},
            titles={1: "critical", 2: "high", 3: "normal", 4: "low"},
            next_update={priority: Span(business_days=priority) for priority in (1, 2, 3, 4)},
            undecided=2,
            calendar=Calendar(zone=zone, hours=dict.fromkeys(range(5), (time(9), time(17)))),
        ),
        categories={
            "access": Category(name="access", title="Access and log-in", technical=True, description="", guide=_GUIDE),
            "billing": Category(name="billing", title="Billing", technical=False, description=""),
        },
        team=Team(people=(lead,), others=(billing,)),
    )


if __name__ == "__main__":
    preview(Path(sys.argv[1]))
