"""Offer: what the reader of a mail can do with one tap, each with a token of its own for person and action."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from maild.desk.finding.tapping import TAP_OF, tap_token
from maild.desk.telling.accompanying import offered_beside
from maild.desk.telling.happening import Happening
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.rules import Rules
from maild.process.ticket import Event, Role, Status, Ticket
from maild.replies.reply import Offer
from maild.store.desk.actions import Action, add_actions
from maild.store.desk.offers import add_offers

MOST_CATEGORIES, MOST_TEAMS, MOST_LIKELY = 9, 6, 3
"""More is a list to read, not a tap: /category and /handoff know the others."""

_NAMING = frozenset({"assignment", "follow_up"})
"""Kinds that tell of a client's mail, and so of those whom it names beside the desk."""

_YES_NO: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"en": ("Yes", "No"), "de": ("Ja", "Nein"), "fr": ("Oui", "Non"), "es": ("Sí", "No")}
)

_NOTHING: Mapping[str, str] = MappingProxyType({"en": "nothing", "de": "nichts", "fr": "rien", "es": "nada"})
"""What a form is answered with that has nothing to teach, as `parts.NOTHING` reads it."""

_WITH_WORDS = "\n\n"
"""Ends commands that the words of the mail belong to, which the tap opens."""


_LEARNING = {"post_mortem": ("same",), "article_alike": ("same", "related")}
"""Kinds that name articles to what can be said of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that can be tapped."""

    word: str
    detail: str = ""
    orders: str = ""
    answer: str = ""
    """What a reply says, alone on its first line, to do the same."""

    releases: int | None = None


_TAKEN_OUT = Choice(word="take_out", orders="/incident undo", answer="/incident undo")


_SOLVED = Choice(word="resolve", orders=f"/resolve{_WITH_WORDS}", answer="/resolve")


def make_offers(
    transaction: Transaction, happening: Happening, kind: str, recipient: Address, *, likely: Sequence[str] = ()
) -> tuple[Offer, ...]:
    """The taps of a mail of this kind; they are remembered in the transaction that writes the mail.

    `likely`: categories that come first.
    """
    choices = [
        *_choices(happening, kind, transaction.rules, likely),
        *_higher(happening, kind, transaction.rules),
        *_about_closing(happening, kind, recipient, transaction.rules),
        *_lessons(happening, kind, transaction.rules.desk.languages[0]),
        *_mergers(happening, transaction.rules),
    ]
    if kind in _NAMING:
        beside = offered_beside(transaction, happening)
        choices += [
            Choice(word="cc", detail=each, orders=f"/cc add {each}", answer=f"/cc add {each}") for each in beside
        ]
    offered = [(_offer(transaction, happening, recipient, choice), choice) for choice in choices]
    _remember(transaction, happening, recipient, offered)
    return tuple(offer for offer, _ in offered)


def _about_closing(happening: Happening, kind: str, recipient: Address, rules: Rules) -> Iterator[Choice]:
    ticket = happening.ticket
    if kind == "closure_unclear":
        yield from _readings(ticket)
    elif kind in {"verification", "client_reminder"} and _is_asked(ticket, recipient):
        yield from _answers(ticket.language)
    elif kind == "follow_up" and rules.trust.method == "none" and ticket.team is None:
        yield _SOLVED  # typed, it is asked about; tapped, it is not


def _choices(happening: Happening, kind: str, rules: Rules, likely: Sequence[str]) -> Iterator[Choice]:
    match kind:
        case "confirm" if happening.event is Event.CONFIRMATION_ASKED and happening.cause.mail is not None:
            yield Choice(word=TAP_OF[kind], releases=happening.cause.mail, answer=_yes(rules.desk.languages[0]))
        case "leak" if happening.cause.mail is not None:
            yield Choice(word=TAP_OF[kind], releases=happening.cause.mail, answer=_yes(rules.desk.languages[0]))
        case "assignment" if happening.ticket.status is Status.NEW:
            if happening.incident is not None:
                yield _TAKEN_OUT
            yield from _decisions(rules, likely)
        case "assignment":
            if happening.incident is not None:
                yield _TAKEN_OUT
            yield from _subjects(happening.ticket, rules, likely)
            yield from _work(happening.ticket, rules)
        case "incident_proposed":
            yield Choice(word="declare", orders="/incident declare", answer="/incident declare")
            yield Choice(word="dismiss", orders="/incident dismiss", answer="/incident dismiss")
        case "incident_joined":
            yield _TAKEN_OUT
        case "hand_off":
            yield Choice(word="claim", orders="/take", answer="/take")
            yield Choice(word="return", orders="/return", answer="/return")
            yield Choice(word="back", orders="/technical", answer="/technical")
        case _:
            pass


def _higher(happening: Happening, kind: str, rules: Rules) -> Iterator[Choice]:
    """The priority as the client's further mail reads, where that is higher."""
    ticket, higher = happening.ticket, happening.heightened
    if kind != "follow_up" or not higher:
        return
    would = rules.priorities.of(higher.get("urgency", ticket.urgency), higher.get("impact", ticket.impact))
    orders = [f"/{name} {label}" for name, label in higher.items()]
    answer = orders[0] if len(orders) == 1 else ""
    yield Choice(word="raise", detail=rules.priorities.titles[would or 1], orders="\n".join(orders), answer=answer)


def _lessons(happening: Happening, kind: str, language: str) -> Iterator[Choice]:
    """What a closed ticket may have to do with the articles that are there, and that it may teach nothing."""
    if kind not in _LEARNING:
        return
    for known in happening.articles:
        for word in _LEARNING[kind]:
            orders = f"/{word} {known.name}"
            yield Choice(word=word, detail=known.name, orders=orders, answer=orders)
    if kind == "post_mortem":
        yield Choice(word="nothing", orders="/nothing", answer=_NOTHING.get(language, _NOTHING["en"]))


def _mergers(happening: Happening, rules: Rules) -> Iterator[Choice]:
    """The client's other open tickets, in which this one may go on; the first of an incident goes on by itself."""
    incident = happening.incident
    if happening.others is None or (incident is not None and incident.head == happening.ticket.number):
        return
    for other in happening.others.named:
        number = rules.desk.show(other.number)
        yield Choice(word="merge", detail=number, orders=f"/merge {number}", answer=f"/merge {number}")


def _is_asked(ticket: Ticket, recipient: Address) -> bool:
    """Whether it is this reader who says if it works; others who take part only hear what was done."""
    return ticket.status is Status.RESOLVED and recipient.key == ticket.client.casefold()


def _answers(language: str) -> Iterator[Choice]:
    """What a client answers; the words of their own language do the same."""
    yes, no = _yes(language), _YES_NO.get(language, _YES_NO["en"])[1]
    yield Choice(word="works", orders="works", answer=yes)
    yield Choice(word="fails", orders="fails", answer=no)


def _yes(language: str) -> str:
    return _YES_NO.get(language, _YES_NO["en"])[0]


def _readings(ticket: Ticket) -> Iterator[Choice]:
    """What the client may have meant; what a TSM says of it is a label."""
    if ticket.status is not Status.CLOSED:
        yield Choice(word="solved", orders="/works", answer="/works")
    yield Choice(word="unsolved", orders="/fails", answer="/fails")
    yield Choice(word="other", orders="/other", answer="/other")


def _decisions(rules: Rules, likely: Sequence[str]) -> Iterator[Choice]:
    """What a new mail can be: the likely categories, then the other technical ones, other teams, spam."""
    technical = [name for name, each in rules.categories.items() if each.technical]
    names = dict.fromkeys([*(name for name in likely if name in rules.categories), *technical])
    for name in list(names)[:MOST_CATEGORIES]:
        yield Choice(word="category", detail=name, orders=f"/category {name}", answer=name)
    yield Choice(word="technical", orders="/technical", answer="technical")
    yield from _teams(rules)
    yield Choice(word="spam", orders="/spam", answer="spam")


def _subjects(ticket: Ticket, rules: Rules, likely: Sequence[str]) -> Iterator[Choice]:
    """What it may be about, where that is still open: the technical categories that the model thought of first."""
    technical = [name for name in likely if name in rules.categories and rules.categories[name].technical]
    for name in technical[:MOST_LIKELY] if ticket.category is None else ():
        yield Choice(word="about", detail=name, orders=f"/category {name}", answer=f"/category {name}")


def _work(ticket: Ticket, rules: Rules) -> Iterator[Choice]:
    """What a TSM may do next with a ticket that is theirs."""
    yield Choice(word="waiting", orders=f"/waiting{_WITH_WORDS}", answer="/waiting")
    yield _SOLVED
    if ticket.status is not Status.ESCALATED and any(p.role is Role.ENGINEER for p in rules.team.people):
        yield Choice(word="escalate", orders="/escalate", answer="/escalate")
    for choice in _teams(rules):
        yield Choice(word="handoff", detail=choice.detail, orders=choice.orders, answer=choice.orders)
    yield Choice(word="spam", orders="/spam", answer="/spam")


def _teams(rules: Rules) -> Iterator[Choice]:
    for team in rules.team.others[:MOST_TEAMS]:
        yield Choice(word="handoff", detail=team.name, orders=f"/handoff {team.name}", answer=team.name)


def _offer(transaction: Transaction, happening: Happening, recipient: Address, choice: Choice) -> Offer:
    number, is_release = happening.ticket.number, choice.releases is not None
    token = tap_token(
        transaction.key_id,
        transaction.key,
        ticket=number,
        recipient=recipient.address,
        cause=happening.asked_at(transaction.now) if is_release else happening.cause_in_words,
        does=(choice.word, choice.detail),
    )
    return Offer(word=choice.word, detail=choice.detail, token=token, answer=choice.answer)


def _remember(
    transaction: Transaction, happening: Happening, recipient: Address, offered: Sequence[tuple[Offer, Choice]]
) -> None:
    """What releases a held mail is looked for by that mail, too, and so has a row of its own."""
    number, person, now = happening.ticket.number, recipient.key, transaction.now
    orders = {offer.token: choice.orders for offer, choice in offered if choice.releases is None}
    releases = [
        Action(token=offer.token, ticket=number, person=person, orders=choice.orders, mail=choice.releases)
        for offer, choice in offered
        if choice.releases is not None
    ]
    add_offers(transaction.together, orders, ticket=number, person=person, now=now)
    add_actions(transaction.together, releases, now=now)
