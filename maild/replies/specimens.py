"""One occasion of every kind, with an invented client: to try templates, and to look at them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from maild.mail.message import EMPTY_MAIL, Address, Attachment, BounceReport, Mail
from maild.process.gathering.sheet import Sheet, gather, merge
from maild.process.post_mortem.parts import Part
from maild.process.ticket import Role, Status, Ticket
from maild.replies.incident import IncidentStory, Member, Statistics
from maild.replies.kinds import CLIENT, KINDS
from maild.replies.lasting import Lasted
from maild.replies.others import Colleagues, Other, Others
from maild.replies.reply import Known, Occasion, Offer, Similar
from maild.replies.voice import Voice

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_ETA = NOW + timedelta(hours=5)
_CLIENT = Address(address="anna.schmidt@client.example", name="Anna Schmidt")
_ROLES = {"hand_off": Role.TEAM, "not_relayed": Role.AUTHOR}
_WORDS = """Hello,

since this morning nobody can log in. The page says:

    Error 0x80070005: access denied

Could you have a look, please? We have to send invoices today.

Anna"""

_SOLVED = """Hello Anna,

the certificate of the log-in server had expired last night. We have renewed it, and it renews itself from now on.

Best regards"""

_TOKEN = "baf3k2cccccccc"  # noqa: S105 -- the shape of one; no key has made it
_OFFERS = {
    "confirm": [Offer(word="release", detail="", token=_TOKEN)],
    "leak": [Offer(word="relay", detail="", token=_TOKEN)],
    "assignment": [
        Offer(word="waiting", detail="", token=_TOKEN, answer="/waiting"),
        Offer(word="resolve", detail="", token=_TOKEN, answer="/resolve"),
        Offer(word="handoff", detail="Billing", token=_TOKEN, answer="/handoff Billing"),
        Offer(word="spam", detail="", token=_TOKEN, answer="/spam"),
        Offer(word="merge", detail="T-12", token=_TOKEN, answer="/merge T-12"),
    ],
    "post_mortem": [Offer(word="nothing", detail="", token=_TOKEN, answer="nothing")],
    "article_alike": [
        Offer(word="same", detail="9-log-in-refused", token=_TOKEN, answer="/same 9-log-in-refused"),
        Offer(word="related", detail="9-log-in-refused", token=_TOKEN, answer="/related 9-log-in-refused"),
    ],
    "incident_proposed": [
        Offer(word="declare", detail="", token=_TOKEN, answer="/incident declare"),
        Offer(word="dismiss", detail="", token=_TOKEN, answer="/incident dismiss"),
    ],
    "incident_joined": [Offer(word="take_out", detail="", token=_TOKEN, answer="/incident undo")],
    "hand_off": [
        Offer(word="claim", detail="", token=_TOKEN, answer="/take"),
        Offer(word="return", detail="", token=_TOKEN, answer="/return"),
        Offer(word="technical", detail="", token=_TOKEN, answer="/technical"),
    ],
}
_YES_NO = {"de": ("Ja", "Nein"), "fr": ("Oui", "Non"), "es": ("Sí", "No")}
_OFFERS["closure_unclear"] = [
    Offer(word="solved", detail="", token=_TOKEN, answer="/works"),
    Offer(word="unsolved", detail="", token=_TOKEN, answer="/fails"),
    Offer(word="other", detail="", token=_TOKEN, answer="/other"),
]
_SIMILAR = (
    Similar(
        number=9, subject="Log-in refused since the update", answer="Hello,\n\nplease clear the cache, it works then."
    ),
)
_ARTICLES = (
    Known(
        name="9-log-in-refused",
        title="Log-in refused since the update",
        fix="Clear the cache of the browser.",
        shared=("log", "0x80070005"),
        score=0.6,
        tickets=(3, 5, 11),
    ),
)
_LEARNT = {
    Part.PROBLEM: "Nobody can log in",
    Part.SYMPTOMS: "Error 0x80070005: access denied",
    Part.FIX: "Please clear the cache, it works then.",
    Part.TIME_SPENT: "\N{LESS-THAN OR EQUAL TO} 2 h 10 min",
}
_INCIDENT = IncidentStory(
    head=17,
    members=(
        Member(number=17, client="anna.schmidt@client.example", subject="Nobody can log in"),
        Member(number=18, client="ben@other.example", subject="Log-in refused"),
    ),
    is_joining=True,
    skipped=(Member(number=19, client="cleo@third.example", subject="No access"),),
    statistics=Statistics(
        clients=4,
        proven=1,
        since=NOW - timedelta(minutes=20),
        window=timedelta(minutes=30),
        usual=0.12,
        once_in_weeks=160.0,
        words=("log", "access", "denied"),
    ),
)
_LASTED = Lasted(low=1.4, high=61.0, sure=0.8, n=120)
_COLLEAGUES = Colleagues(
    organisation="client.example", named=(Other(number=14, subject="No access", holder="Ana Ruiz"),), count=1
)
_OTHERS = Others(
    named=(Other(number=12, subject="VPN slow since Monday", holder="Ben Roth"),), more=2, colleagues=_COLLEAGUES
)
_TRANSCRIPTS = {
    "refused_commands": (("/urgency 1", ""), ("/resolv", "there is no such command; did you mean /resolve?")),
    "leak": (("ben@other.example", "the address of another client"),),
}
_OF_A_COLLEAGUE = frozenset({"team_wrote", "colleague_answered"})


def specimens(voice: Voice, language: str) -> Iterator[Occasion]:
    """An occasion of each kind, about a client who writes in the language."""
    return (_occasion(kind, voice, language) for kind in KINDS)


def _occasion(kind: str, voice: Voice, language: str) -> Occasion:
    is_hand_off = kind.startswith("hand")
    mail = _mail(language, is_bounce=kind == "delivery_failed")
    return Occasion(
        kind=kind,
        role=Role.CLIENT if KINDS[kind].audience == CLIENT else _ROLES.get(kind, Role.LEAD),
        recipient=_recipient(kind, voice),
        ticket=_ticket(voice, language, is_handed_off=is_hand_off, eta_at=_ETA if kind == "estimate" else None),
        because=("technical: log in, error 0x80070005, access denied", "urgency 1: “today”"),
        mail=mail,
        is_proven=True,
        originals=(b"From: anna.schmidt@client.example\nSubject: Nobody can log in\n\nHello\n",) if is_hand_off else (),
        in_reply_to=mail.message_id,
        references=(),
        message_id="<t17.baf3k2aaaaaaaa@desk.example>",
        token="baf3k2aaaaaaaa",  # noqa: S106 -- the shape of one; no key has made it
        now=NOW,
        words=_SOLVED if KINDS[kind].is_relay else "",
        author_name=voice.team.leads[0].name if KINDS[kind].is_relay or kind in _OF_A_COLLEAGUE else "",
        offers=_offers(kind, language),
        similar=_SIMILAR,
        incident=_INCIDENT if kind.startswith("incident") else None,
        articles=_ARTICLES,
        post_mortem=_LEARNT if kind == "post_mortem" else None,
        lasted=_LASTED if kind == "assignment" else None,
        others=_OTHERS if kind == "assignment" else None,
        transcript=_TRANSCRIPTS.get(kind, ()),
        readers=(_CLIENT.address, "ben@client.example") if KINDS[kind].is_about_held else (),
    )


def _offers(kind: str, language: str) -> tuple[Offer, ...]:
    yes, no = _YES_NO.get(language, ("Yes", "No"))
    asking = (
        Offer(word="works", detail="", token=_TOKEN, answer=yes),
        Offer(word="fails", detail="", token=_TOKEN, answer=no),
    )
    return asking if kind == "verification" else tuple(_OFFERS.get(kind, ()))


def _recipient(kind: str, voice: Voice) -> Address:
    if KINDS[kind].audience == CLIENT:
        return _CLIENT
    if kind == "hand_off" and voice.team.others:
        return Address(address=voice.team.others[0].address, name=voice.team.others[0].name)
    lead = voice.team.leads[0]
    return Address(address=lead.addresses[0], name=lead.name)


def _ticket(voice: Voice, language: str, *, is_handed_off: bool, eta_at: datetime | None) -> Ticket:
    team = voice.team.others[0].name if voice.team.others else None
    return Ticket(
        number=17,
        status=Status.HANDED_OFF if is_handed_off else Status.OPEN,
        technical=not is_handed_off,
        category=next((name for name, each in voice.categories.items() if each.technical is not is_handed_off), None),
        urgency=1,
        impact=2,
        priority=voice.priorities.of(1, 2),
        client=_CLIENT.address,
        client_name=_CLIENT.name,
        language=language,
        subject="Nobody can log in",
        assignee=voice.team.leads[0].name,
        team=team if is_handed_off else None,
        opened_at=NOW - timedelta(minutes=1),
        next_update_due_at=NOW + timedelta(days=1, hours=7),
        eta_at=eta_at,
        sheet=merge(
            Sheet(), gather(_mail(language, is_bounce=False), mail_id=1), required=("version", "error message")
        ),
    )


def _mail(language: str, *, is_bounce: bool) -> Mail:
    report = BounceReport(
        is_final=True,
        recipients=(_CLIENT.address,),
        status="5.1.1",
        diagnostic="550 5.1.1 no such mailbox here",
        original_message_id="<t17.baf3k2bbbbbbbb@desk.example>",
    )
    return replace(
        EMPTY_MAIL,
        digest="0" * 64,
        fingerprint="0" * 64,
        message_id="<one@client.example>",
        author=_CLIENT,
        subject="Nobody can log in",
        written_at=NOW,
        new_text=_WORDS,
        text=_WORDS,
        attachments=(Attachment(name="screenshot.png", media_type="image/png", size=148_213, digest="0" * 64),),
        language=language,
        bounce=report if is_bounce else None,
    )
