"""Check of the templates: does every one render in every language of the desk, and tell whom it asks what they must know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.opening import voice_of
from maild.errors import ConfigurationError
from maild.mail.message import EMPTY_MAIL, Address, Mail
from maild.process.authority import say_reach
from maild.process.gathering.sheet import Found, Sheet
from maild.process.ticket import Role, Status, Ticket
from maild.replies.compose import compose
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.reply import Occasion

CURE = "the file of that name in templates/ of the configuration; without it the shipped one is used"
SHOW_READERS = (
    "show `readers` (and `is_for_incident`) in leak.txt, and `reasons` in confirm.txt, as the shipped ones do, or take the "
    "file away: the shipped one is used then"
)
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
READER = "reader@client.example"
SOMEBODY = Address(address="client@acme.example", name="A Client")


def check_templates(trial: Trial) -> Iterator[Finding]:
    """Compile all of them, and write every kind of mail once in every language."""
    rendered = attempt("templates", lambda: look(trial), cure=CURE)
    yield rendered
    if rendered.ok and (silent := sorted(set(silent_about_readers(trial)))):
        message = (
            f"{', '.join(silent)} of your own does not show who gets the words of a held message, one client or all of "
            "an incident: whoever lets it through approves addresses that they never read"
        )
        yield Finding(part="templates", ok=True, message=message, cure=SHOW_READERS)


def look(trial: Trial) -> str:
    """Raises ConfigurationError with every template that does not render."""
    settings = trial.settings
    voice = voice_of(settings)
    problems = []
    for language in settings.desk.languages:
        for kind in KINDS:
            try:
                compose(an_occasion(kind, language), replace(voice, desk=replace(voice.desk, languages=(language,))))
            except Exception as error:
                problems.append(f"{language}/{kind}: {type(error).__name__}: {error}")
    if problems:
        raise ConfigurationError(*problems)
    mute = [
        code for code in settings.desk.languages if any((code, kind) not in voice.templates.mails for kind in KINDS)
    ]
    instead = f"; English stands in where {', '.join(mute)} has no template" if mute else ""
    return f"{len(KINDS)} kinds of mail render for {', '.join(settings.desk.languages)}{instead}"


def silent_about_readers(trial: Trial) -> Iterator[str]:
    """Files of the mails that ask about held words without naming those who would get them; all must render."""
    voice = voice_of(trial.settings)
    for kind, code in product((kind for kind in KINDS if KINDS[kind].is_about_held), trial.settings.desk.languages):
        asked = replace(an_occasion(kind, code), readers=(READER,))
        told = [
            compose(
                replace(asked, is_shared=is_shared, because=(say_reach((READER,), is_shared=is_shared),)),
                replace(voice, desk=replace(voice.desk, languages=(code,))),
            ).text
            for is_shared in (False, True)
        ]
        if told[0] == told[1] or any(READER not in text for text in told):
            yield f"{voice.templates.language_for(kind, (code,))}/{kind}.txt"


def an_occasion(kind: str, language: str) -> Occasion:
    """Make an occasion for any kind of mail."""
    role = Role.CLIENT if KINDS[kind].audience == CLIENT else Role.LEAD
    return Occasion(
        kind=kind,
        role=role,
        recipient=SOMEBODY,
        ticket=a_ticket(language),
        because=("maild check tries its templates",),
        mail=a_mail(language),
        is_proven=False,
        originals=(b"Subject: a try\r\n\r\nA try.\r\n",),
        in_reply_to="<try@acme.example>",
        references=("<try@acme.example>",),
        message_id="<check@desk.invalid>",
        token="a" * 14,
        now=NOW,
    )


def a_ticket(language: str) -> Ticket:
    """Make a ticket in which everything is known."""
    return Ticket(
        number=17,
        status=Status.OPEN,
        technical=True,
        category=None,
        urgency=2,
        impact=2,
        priority=None,
        client=SOMEBODY.address,
        client_name=SOMEBODY.name,
        language=language,
        subject="A try",
        assignee=None,
        team=None,
        opened_at=NOW,
        next_update_due_at=NOW + timedelta(hours=4),
        sheet=Sheet(found=(Found(kind="version", value="1.0", words="version 1.0", mail=1),), required=("device",)),
    )


def a_mail(language: str) -> Mail:
    """Make a client's mail."""
    return replace(
        EMPTY_MAIL,
        message_id="<try@acme.example>",
        author=SOMEBODY,
        subject="A try",
        written_at=NOW,
        new_text="A try.",
        text="A try.",
        language=language,
    )
