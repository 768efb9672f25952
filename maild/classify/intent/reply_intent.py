"""What a client's reply means: is it resolved? Phrases of four languages, weighed; unsure where they disagree."""

import re
from collections.abc import Sequence
from dataclasses import replace

from maild.classify.folding import fold, on_one_line
from maild.classify.intent.beside import find_beside
from maild.classify.intent.clause import clause_before, is_followed_by_more
from maild.classify.intent.intents import Intents, spell_yes
from maild.classify.intent.objection import answers, find_losses, hands_over, is_back
from maild.classify.intent.sign import FoundSign, Sign, find_signs
from maild.classify.intent.sign_alone import find_alone
from maild.classify.intent.weighing import ENDED, weigh
from maild.classify.signature.signing import names_of, said_below, unsigned
from maild.classify.verdict import Verdict
from maild.mail.message import Mail
from maild.mail.quoting import signature_of

TROUBLE = frozenset({"not_resolved", "partly", "new_problem"})
"""What words may say against a tap, however few they are."""

_LIMIT = 2_000
"""Characters of the new text that are read."""

_READ = 8_000  # of which a signature is cut off before
_QUOTED = 20_000
"""Characters of the whole text that are searched for the parent's."""

ASKED = "Does it work for you?"
"""What our verification asks; a bare yes or no answers it, also where nothing is quoted."""

_YES_AND_THANKS = re.compile(
    r"\A(\W*(?:yes|ja|oui|s[iíÍ]))\s+((?:many |vielen |besten |muchas |mille )?(?:thanks|thank you|thx|danke|dank|merci|gracias)\b)",
    re.IGNORECASE,
)
"""Two things that people write without a comma."""

_MARK = re.compile(r"\?(?=[ |!?)]|\Z)")
"""Not the one in a link."""

_ASKED = Sign(
    name="a question mark",
    says="question",
    points=2,
    points_at_end=2,
    denied=None,
    is_statement=False,
    is_loose=False,
    is_first=False,
)

_IS_REPLY = re.compile(r"\s*(re|aw|sv|rv|tr|antw|rép|rif|res)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_TICKET_FIRST = re.compile(r"\s*\[?[a-z][a-z0-9]{0,9}-\d+\b", re.IGNORECASE)


def is_reply(mail: Mail) -> bool:
    """Whether the mail says that it answers another (RFC 5322 3.6.4), or its subject does."""
    return bool(mail.in_reply_to or mail.references or _IS_REPLY.match(mail.subject))


def is_answer(mail: Mail) -> bool:
    """Whether it is a reply, or may be a mail that a one-tap link of ours began: its subject starts with a ticket."""
    return is_reply(mail) or bool(_TICKET_FIRST.match(mail.subject))


def intent_of(mail: Mail, intents: Intents) -> Verdict:
    """Read a mail's new text; what it quotes is read only for the question that a bare yes or no answers."""
    return _read(mail, mail.new_text, intents, _quoted(mail))


def read_in_context(mail: Mail, intents: Intents) -> tuple[Verdict, ...]:
    """What the mail says by itself and by its quotes; and, where that differs, what it says if we asked whether it works."""
    alone = intent_of(mail, intents)
    if alone.label not in {None, "thanks"}:
        return (alone,)
    asked = _read(mail, _YES_AND_THANKS.sub(r"\1, \2", mail.new_text), intents, ASKED)
    differs = asked.label in {"resolved", "not_resolved"}
    return (alone, replace(asked, question="reply_intent_if_asked")) if differs else (alone,)


def below_tap(read: Verdict) -> Verdict:
    """Of what stands below a tap, read as a reply: whether all of it is understood."""
    label = "more" if read.beside else "understood"
    return Verdict(question="words_below_tap", label=label, confidence=None, because=read.because, beside=read.beside)


def _read(mail: Mail, text: str, intents: Intents, parent: str) -> Verdict:
    """Read words of a mail; what it has below the mark of a signature may keep it from closing, and says nothing else."""
    names = names_of(mail.author.name, mail.author.address.rpartition(".")[0]) if mail.author else frozenset()
    verdict = reply_intent(text, intents, parent=parent, author=names)
    if verdict.beside:
        return verdict
    return replace(verdict, beside=said_below(signature_of(mail.text)[:_READ], intents.signature, names))


def reply_intent(text: str, intents: Intents, *, parent: str = "", author: frozenset[str] = frozenset()) -> Verdict:
    """Read what the author wrote now, without their signature; `author`: the folded words of their name and address.

    `parent` is what they answer, where it is known, for a bare yes or no.

    The text's first sentences count most. `resolved` is only said where nothing speaks against it, since a ticket that
    is closed wrongly is the costliest error.
    """
    words = unsigned(text[:_READ], intents.signature, author)
    original = on_one_line(words[:_LIMIT])
    folded = fold(spell_yes(original))
    found = [*find_signs(folded, intents.entries, intents.turns), *_questions(folded)]
    found += find_alone(folded, intents, found, fold(on_one_line(parent[-_LIMIT:])))
    found = _as_of_today(sorted(found, key=lambda one: one.place.start), folded, intents)
    beside = find_beside(words[:_LIMIT], original, folded, found, intents)
    if beside is None and (words[_LIMIT:].strip() or text[_READ:].strip()):
        beside = f"more than {_LIMIT:,} characters"
    counting = [one for one in found if beside is None or not one.sign.is_understood]
    label, why = weigh(counting)
    if label == "resolved":
        label, why = _objected(counting, folded, intents) or (label, why)
    named = ", ".join(f"{one.sign.name}: “{original[one.place].strip()}”" for one in counting if one.says != "nothing")
    because = "; ".join(part for part in (why, named) if part) or "no phrase found that says what it means"
    return Verdict(question="reply_intent", label=label, confidence=None, because=because, beside=beside)


def _as_of_today(found: Sequence[FoundSign], folded: str, intents: Intents) -> list[FoundSign]:
    """With what "today it works" says behind "yesterday it failed": that something ended."""
    failed = min((one.place.start for one in found if one.says == "not_resolved"), default=len(folded))
    return [
        replace(one, points=max(one.points, ENDED))
        if one.says == "resolved" and one.place.start > failed and _is_of_today(folded, one.place.start, intents)
        else one
        for one in found
    ]


def _is_of_today(folded: str, place: int, intents: Intents) -> bool:
    return intents.harmless.today.fullmatch(clause_before(folded, place, intents.turns)) is not None


def _questions(folded: str) -> list[FoundSign]:
    marks = _MARK.finditer(folded)
    return [FoundSign(sign=_ASKED, says=_ASKED.says, points=_ASKED.points, place=slice(*mark.span())) for mark in marks]


def _objected(found: Sequence[FoundSign], folded: str, intents: Intents) -> tuple[str | None, str] | None:
    """What it says and why, where something in the mail speaks against closing."""
    if _is_followed_by_more(found, folded, intents):
        return None, "it works, and there is more"
    works = [one for one in found if one.says == "resolved"]
    last, most = max(one.place.start for one in works), max(one.points for one in works)
    losses = [
        loss
        for loss in find_losses(folded, intents.objections, intents.turns)
        if not loss.was or loss.place.stop > last  # "it was lost, and now it works"
    ]
    if losses:
        is_all = all(any(loss.place.start <= one.place.start < loss.place.stop for loss in losses) for one in works)
        return ("not_resolved", "something is lost") if is_all else ("partly", "it works, and something is lost")
    if is_back(folded, intents.objections, intents.turns):
        return None, "it works, or the fault is back"
    if hands_over(folded, intents.objections) and (most < ENDED or answers(folded, intents.objections)):
        is_answer_to_us = answers(folded, intents.objections) and most < ENDED
        return "information" if is_answer_to_us else None, "it hands over what we may have asked for"
    return None


def _is_followed_by_more(found: Sequence[FoundSign], folded: str, intents: Intents) -> bool:
    """Whether a sentence behind all that says that it works begins with a "but" or an "also": what it tells a person must read."""
    behind = max(one.place.stop for one in found if one.says == "resolved")
    return is_followed_by_more(folded, behind, intents.turns)


def _quoted(mail: Mail) -> str:
    """The lines that are not the author's own, without quote marks."""
    own = set(mail.new_text.splitlines())
    return "\n".join(line.lstrip("> ") for line in mail.text[:_QUOTED].splitlines() if line not in own)
