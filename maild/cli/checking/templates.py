"""Check of the templates: does every one render, in every language of the desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from maild.cli.checking.finding import Finding, Trial, attempt
from maild.daemon.opening import voice_of
from maild.errors import ConfigurationError
from maild.mail.message import Address, Facts, Mail
from maild.process.gathering.sheet import Found, Sheet
from maild.process.ticket import Role, Status, Ticket
from maild.replies.compose import compose
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.reply import Occasion

CURE = "the file of that name in templates/ of the configuration; without it the shipped one is used"
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SOMEBODY = Address(address="client@acme.example", name="A Client")


def check_templates(trial: Trial) -> Iterator[Finding]:
    """Compile all of them, and write every kind of mail once in every language."""
    yield attempt("templates", lambda: look(trial), cure=CURE)


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
        source=b"Subject: a try\r\n\r\nA try.\r\n",
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
    return Mail(
        digest="0" * 64,
        fingerprint="0" * 64,
        message_id="<try@acme.example>",
        in_reply_to=(),
        references=(),
        author=SOMEBODY,
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject="A try",
        written_at=NOW,
        new_text="A try.",
        text="A try.",
        html=None,
        attachments=(),
        language=language,
        facts=Facts(),
        bounce=None,
        authentication=(),
        headers=(),
        defects=(),
    )
