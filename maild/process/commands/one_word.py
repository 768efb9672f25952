"""One word as an answer to the question what a new mail is about: the word to the command that it stands for."""

import re
from collections.abc import Mapping

from maild.classify.folding import fold, spellings
from maild.process.commands.reading import Command, Written, read_commands
from maild.process.people.team import Person
from maild.process.plan import Refusal
from maild.process.rules import Rules
from maild.process.ticket import Role, Status, Ticket

FIXED: Mapping[str, str] = {
    **dict.fromkeys(("technical", "technisch", "technique", "tecnico", "tecnica"), "/technical"),
    **dict.fromkeys(("spam", "junk"), "/spam"),
}
"""Folded word to command, in every desk; then come its categories and teams, by name and by title."""

_NOT_TECHNICAL = frozenset(
    {
        "not technical",
        "nontechnical",
        "non-technical",
        "nicht technisch",
        "non technique",
        "pas technique",
        "no tecnico",
    }
)
_CLOSINGS = frozenset(
    {
        *(
            "regards",
            "best",
            "kind",
            "warm",
            "thanks",
            "many",
            "thank",
            "you",
            "cheers",
            "sincerely",
            "yours",
            "and",
            "br",
        ),
        *("gruß", "gruße", "grußen", "gruss", "grusse", "grussen", "gruesse", "gruessen", "viele", "vielen", "liebe"),
        *("lieben", "beste", "besten", "schone", "schonen", "herzliche", "herzlichen", "freundliche", "freundlichen"),
        *("mit", "und", "danke", "dank", "lg", "mfg", "vg", "bg"),
        *("merci", "cordialement", "bien", "salutations", "sinceres", "a", "vous", "amicalement"),
        *("saludos", "saludo", "un", "cordial", "cordiales", "atentamente", "muchas", "gracias"),
    }
)
_NOT_OURS = re.compile(
    r"\b(?:"
    r"not (?:ours\b|for (?:us|our)\b|our (?:team|department|area|topic|job|responsibility|business)\b|responsible\b)"
    r"|(?:isn.?t|is not|does not belong|doesn.?t belong) (?:ours|for us|to us|with us)\b|wrong (?:team|department|people)\b"
    r"|we (?:do not|don.?t|cannot|can.?t) (?:handle|take|deal with|do) (?:this|that|it|these|such)\b"
    r"|nicht (?:fur uns|unser(?:e|es|er)?|zustandig|bei uns|unsere baustelle)\b|falsche(?:s|n)? (?:team|abteilung)\b|gehort nicht (?:zu|in)\b"
    r"|pas (?:pour nous|de notre (?:ressort|competence)|notre domaine)\b|mauvais(?:e)? (?:equipe|service)\b"
    r"|ne (?:nous concerne|concerne|releve|sommes) pas\b"
    r"|no (?:es (?:para nosotros|nuestro|nuestra|de nuestr[ao])|nos (?:corresponde|compete)|somos responsables)\b"
    r"|(?:equipo|departamento) equivocado\b"
    r")"
)
"""What another team says that wants to give a hand-off back (folded). A mistake brings it back to a TSM, who sees the words."""

_BEGINNING = 400
"""Characters in which a team says so; further down they tell a story."""

_LONGEST = 80

_YES = frozenset({"yes", "ja", "oui", "si"})
"""Folded."""


def read_word(text: str, *, ticket: Ticket, author: Person, rules: Rules) -> Written | Refusal | None:
    """What a word on the first line decides; None where it is no such word, or nobody has asked.

    Only a name and a closing may stand below it: whether further words were for the client, nobody could know.
    """
    if ticket.status not in {Status.NEW, Status.HANDED_OFF}:
        return None
    first, _, rest = text.strip().partition("\n")
    if author.role is Role.TEAM:
        return _of_team(text.strip())
    order = _order(first, ticket, rules)
    if order is None or (ticket.status is Status.HANDED_OFF and order != "/technical"):
        return None
    if not _is_closing(rest, author):
        return Refusal(
            lines=((first.strip(), f"this word decides only if it stands alone; above a text, write {order}"),)
        )
    commands = [
        Command(name=each.name, argument=each.argument, line=first.strip()) for each in read_commands(order).commands
    ]
    return Written(commands=tuple(commands), words="")


def is_yes(text: str, author: Person) -> bool:
    """Whether the text is nothing but a yes, with a closing and the author's own name at most."""
    first, _, rest = text.strip().partition("\n")
    return _folded_word(first) in _YES and _is_closing(rest, author)


def _of_team(text: str) -> Written | None:
    """Another team's words go to nobody, so that more of them may follow."""
    word = _folded_word(text.partition("\n")[0])
    if FIXED.get(word) == "/technical":
        return read_commands("/technical")
    return read_commands("/return") if _NOT_OURS.search(fold(" ".join(text[:_BEGINNING].split()))) else None


def _order(first: str, ticket: Ticket, rules: Rules) -> str | None:
    word = _folded_word(first)
    if word in FIXED:
        return FIXED[word]
    if word in _NOT_TECHNICAL:
        return "/handoff" if rules.receiver(None, ticket.subject) else None
    for name, category in rules.categories.items():
        if word in {*spellings(name), *spellings(category.title)}:
            return f"/category {name}"
    return next((f"/handoff {team.name}" for team in rules.team.others if word in spellings(team.name)), None)


def _folded_word(first: str) -> str:
    return fold(" ".join(first[:_LONGEST].split())).strip(" .,;:!\"'*_/")


def _is_closing(rest: str, author: Person) -> bool:
    """Whether nothing follows but a closing and the author's own name."""
    allowed = _CLOSINGS | set(fold(author.name).split())
    return all(word.strip(".,;:!-()") in allowed | {""} for word in fold(rest).split())
