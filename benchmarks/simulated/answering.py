"""What TSMs and leads write about a case: mostly an answer, often with commands, sometimes a mistake."""

from collections.abc import Callable, Mapping

from benchmarks.simulated.cases import Case
from benchmarks.simulated.cast import MEMBERS
from benchmarks.simulated.staff import SimulatedMember
from benchmarks.simulated.words import phrase
from maild.process.ticket import Role

Writing = Callable[[Case, SimulatedMember], str]

_TSMS = tuple(member.name for member in MEMBERS if member.role is Role.TSM)
MOST_ANSWERS = 4
"""After so many answers people want to be done with it."""

_QUIET = frozenset(
    {"confirm_verdict", "threshold_raised", "delivery_failed", "not_relayed", "summary", "article_alike"}
)
"""Kinds of mail that people read and leave."""

NOTHING_TO_LEARN, UNANSWERED = 0.15, 0.25
"""Shares of the forms about closed tickets that are answered so, or not at all."""

_THANKS = (
    "works again",
    "Solved",
    "funktioniert wieder",
    "Erledigt",
    "marche de nouveau",
    "est résolu",
    "Ya funciona",
    "Resuelto",
)


def _say(case: Case, person: SimulatedMember, meaning: str) -> str:
    words = phrase(person.world.chance, "desk", case.issue.language, meaning)
    return person.public(case, words)


def _ask(case: Case, person: SimulatedMember) -> str:
    return f"/waiting\n{_say(case, person, 'asks')}"


def _report(case: Case, person: SimulatedMember) -> str:
    return _say(case, person, "reports")


def _update(case: Case, person: SimulatedMember) -> str:
    return f"/update\n{_say(case, person, 'reports')}"


def _estimate(case: Case, person: SimulatedMember) -> str:
    return f"/Eta 3 business days\n{_say(case, person, 'reports')}"


def _solve(case: Case, person: SimulatedMember) -> str:
    return f"/resolve\n\n{_say(case, person, 'solves')}"


def _close(case: Case, person: SimulatedMember) -> str:
    return f"/close\n{_say(case, person, 'solves')}"


def _learn(case: Case, person: SimulatedMember) -> str | None:
    """What a closed ticket teaches; some say that it is nothing, some nothing at all."""
    chance = person.world.chance.random()
    if chance < NOTHING_TO_LEARN + UNANSWERED:
        return "nothing" if chance < NOTHING_TO_LEARN else None
    subject, text = case.issue.topic.texts["en"]
    fix = phrase(person.world.chance, "desk", "en", "solves")
    return (
        f"Problem: {subject}\nSymptoms: {text}\nRoot cause: {person.internal('note')}\nFix: {fix}\nTime spent: 40 min\n"
    )


def _note(case: Case, person: SimulatedMember) -> str:
    del case
    return f"/note\n{person.internal('note')}"


def _escalate(case: Case, person: SimulatedMember) -> str:
    del case
    return f"/escalate\n/note\n{person.internal('note')}"


def _deescalate(case: Case, person: SimulatedMember) -> str:
    return f"/deescalate\n{_say(case, person, 'reports')}"


def _sort(case: Case, person: SimulatedMember) -> str:
    urgency, impact = person.world.chance.randint(1, 3), person.world.chance.randint(1, 3)
    category = case.issue.topic.category or "other"
    return f"/category {category}\n/urgency {urgency}\n/impact {impact}\n{_say(case, person, 'reports')}"


def _one_word(case: Case, person: SimulatedMember) -> str:
    """Enough where the desk asks what a mail is about; elsewhere a line that nobody needs to get."""
    return (case.issue.topic.category or "technical") if case.received.kind == "assignment" else _report(case, person)


def _assign(case: Case, person: SimulatedMember) -> str:
    del case
    others = [name for name in _TSMS if name != person.member.name]
    return f"/assign {person.world.chance.choice(others)}"


def _mistake(case: Case, person: SimulatedMember) -> str:
    return f"/resolv\n{_say(case, person, 'solves')}"


def _relate(case: Case, person: SimulatedMember) -> str:
    """Merge with, or link to, another ticket of this client; split where there is none."""
    others = person.desk.others_of(case)
    if not others:
        return "/split"
    command = person.world.chance.choice(("merge", "link"))
    return f"/{command} T-{person.world.chance.choice(others)}"


def _undo(case: Case, person: SimulatedMember) -> str:
    del case, person
    return "/undo"


def _reopen(case: Case, person: SimulatedMember) -> str:
    return f"/reopen\n{_say(case, person, 'reports')}"


_USUAL: Mapping[Writing, float] = {
    _ask: 0.2,
    _report: 0.15,
    _update: 0.06,
    _estimate: 0.03,
    _solve: 0.3,
    _close: 0.02,
    _note: 0.06,
    _escalate: 0.05,
    _deescalate: 0.01,
    _sort: 0.05,
    _assign: 0.02,
    _one_word: 0.04,
    _mistake: 0.03,
    _relate: 0.02,
    _undo: 0.01,
    _reopen: 0.01,
}
_OF_A_LEAD: Mapping[Writing, float] = {_report: 0.3, _solve: 0.2, _assign: 0.35, _note: 0.05, _escalate: 0.1}
_AFTER_REFUSAL: Mapping[Writing, float] = {_solve: 0.3, _report: 0.7}
_TO_AN_END: Mapping[Writing, float] = {_solve: 0.5, _close: 0.5}


def _correct(case: Case, person: SimulatedMember) -> str | None:
    return _choose(_AFTER_REFUSAL, case, person)


_ANSWERED: Mapping[str, Callable[[Case, SimulatedMember], str | None]] = {
    "post_mortem": _learn,
    "refused_commands": _correct,
}


def answer(case: Case, person: SimulatedMember) -> str | None:
    """Choose by the kind of mail, the topic and chance; None: the mail is read and left."""
    chance, received = person.world.chance, case.received
    if received.kind in _QUIET or chance.random() < 0.07:
        return None
    if received.kind in _ANSWERED:
        return _ANSWERED[received.kind](case, person)
    if case.issue.topic.team and received.kind == "assignment":
        return f"/handoff {case.issue.topic.team}"
    if received.kind == "follow_up" and _is_thanks(received.text):
        return _close(case, person) if chance.random() < 0.7 else None
    if received.kind == "client_silent" or person.desk.answers[case.number] >= MOST_ANSWERS:
        return _choose(_TO_AN_END, case, person)
    return _choose(_OF_A_LEAD if person.member.role is Role.LEAD else _USUAL, case, person)


def _choose(writings: Mapping[Writing, float], case: Case, person: SimulatedMember) -> str:
    chosen = person.world.chance.choices(list(writings), list(writings.values()))[0]
    return chosen(case, person)


def _is_thanks(text: str) -> bool:
    return any(words in text for words in _THANKS)
