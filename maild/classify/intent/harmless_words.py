"""Whether words of a clause are harmless: every one is known, or they tell what was done, what it was, what is over."""

from dataclasses import dataclass

from maild.classify.folding import fold
from maild.classify.intent.harmless import Harmless
from maild.classify.intent.objection import Objections
from maild.classify.signature.proper import are_proper


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A part of a clause outside of what closes."""

    folded: str
    """Without what a sign or a phrase has understood."""

    whole: str
    written: str
    """As its author has written it."""

    strangers: tuple[str, ...]
    """The words that are not understood, as they are written."""

    things: frozenset[str]
    """What it names that works, or was mended; folded."""

    deeds: frozenset[str]
    """Of what is done in it, or asked for; folded."""

    is_kind: bool
    """It thanks or praises."""


def is_understood(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether a clause that closes nothing is harmless: small words, kind ones, or what was done or is there again."""
    is_small = not said.things and (said.is_kind or not said.deeds)
    is_there = bool(said.things) and harmless.whole.search(said.whole) is not None
    if not said.strangers and (is_small or is_there):
        return True
    return _is_done(said, harmless, objections)


def may_go_before(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether words in front of what closes, in its clause, are harmless: none is strange, and what they name works."""
    works = not said.things or harmless.whole.search(said.whole) is not None or not _narrows(said, harmless)
    return (works and not said.strangers) or _is_done(said, harmless, objections)


def may_go_behind(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether words behind what closes are harmless: what works, not where or with what it does; or small ones."""
    is_small = not said.strangers and (said.is_kind or said.deeds <= harmless.mended)
    return (is_small and not _narrows(said, harmless)) or _is_done(said, harmless, objections)


def _narrows(said: Words, harmless: Harmless) -> bool:
    """Whether they say where it works, or for whom."""
    is_for = not said.is_kind and harmless.purposes.search(said.folded) is not None
    return is_for or harmless.places.search(said.folded) is not None


def _is_done(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell what was done, what it was, or where else it works."""
    is_done = is_told(said, harmless, objections) or _is_cure(said, harmless, objections) or _is_mended(said, harmless)
    return is_done or _is_elsewhere_too(said, harmless)


def is_told(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell what it was, what is back or what is gone at last."""
    return _is_cause(said, harmless, objections) or is_back(said, objections)


def is_back(said: Words, objections: Objections) -> bool:
    """Whether they tell that something is there again, or gone that nobody wants."""
    return _is_recovered(said, objections) or _is_rid(said, objections)


def was_before(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell how it was."""
    past = harmless.before.search(said.folded)
    limits = {found.group() for found in harmless.limits.finditer(said.folded)} - harmless.earlier
    strange = [word for word in map(fold, said.strangers) if word not in harmless.earlier | harmless.denials]
    is_known = all(map(objections.faults.fullmatch, strange))
    is_kept = not said.strangers or not objections.belongings.search(said.whole)
    return (
        past is not None
        and is_known
        and is_kept
        and limits <= harmless.denials
        and not objections.taken.search(said.folded)
    )


def _is_cause(said: Words, harmless: Harmless, objections: Objections) -> bool:
    cause = harmless.causes.match(said.folded)
    if cause is None or objections.taken.search(said.folded) or harmless.yours.search(said.folded):
        return False
    is_missing = objections.belongings.search(said.whole) and objections.gone.search(said.whole)
    return not is_missing and all(fold(word) in harmless.causal for word in _besides(said, cause.group()))


def _is_cure(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether they tell that its author has started or plugged in something of their own, and nothing else."""
    cure = harmless.cures.search(said.folded)
    if cure is None or _lacks_accent(said, cure.group(), harmless) or objections.taken.search(said.folded):
        return False
    return not _besides(said, " ".join(found.group() for found in harmless.cures.finditer(said.folded)))


def _is_mended(said: Words, harmless: Harmless) -> bool:
    """Whether they tell that somebody changed or set up anew what loses nothing by it: a driver, a cable, a cache."""
    done = harmless.mending.search(said.folded)
    if done is None or _lacks_accent(said, done.group(), harmless):
        return False
    if not harmless.undone.isdisjoint(said.whole.split()):
        return False
    besides = {fold(word) for word in _besides(said, done.group())} - harmless.means
    return not besides and said.things <= harmless.means and not harmless.means.isdisjoint(said.whole.split())


def _lacks_accent(said: Words, done: str, harmless: Harmless) -> bool:
    written = [word.strip(".,;:!") for word in said.written.split()]
    is_told = any(fold(word) == done.rpartition(" ")[2] and not word[-1].isascii() for word in written if word)
    return done in harmless.accented and not is_told


def has_ceased(said: Words, harmless: Harmless, objections: Objections) -> bool:
    """Whether nothing is strange in it but the errors of which it says that they are over."""
    faults = all(objections.faults.fullmatch(fold(word).removeprefix("l'")) for word in said.strangers)
    is_over = harmless.ceased.search(said.whole) is not None and not harmless.ceased.search(said.folded)
    return faults and is_over and not objections.belongings.search(said.whole)


def _is_elsewhere_too(said: Words, harmless: Harmless) -> bool:
    """Whether they name a place where it works as well: "in Bremen too"."""
    is_one = len(said.strangers) == 1 and are_proper(said.strangers) and not said.things
    return bool(is_one and harmless.places.match(said.folded) and harmless.anew.search(said.folded))


def _is_recovered(said: Words, objections: Objections) -> bool:
    found = objections.recovered.search(said.whole)
    if found is None:
        return False
    behind = _besides(said, said.whole[: found.end()])  # "is back to factory defaults"; "for restoring the lost files"
    if not all(objections.gone.fullmatch(fold(word)) for word in behind):
        return False
    return not _besides(said, found.group())


def _is_rid(said: Words, objections: Objections) -> bool:
    """Whether what is gone is what nobody wants: an error, a duplicate."""
    bad = objections.faults.search(said.whole) or objections.unwanted.search(said.whole)
    gone = objections.gone.search(said.whole)
    if gone is None and not objections.belongings.search(said.whole):
        gone = objections.taken.search(said.whole)
    if bad is None or gone is None:
        return False
    return not _besides(said, f"{bad.group()} {gone.group()}")


def _besides(said: Words, known: str) -> list[str]:
    """The strange words that are not among those."""
    words = set(known.split())
    return [word for word in said.strangers if fold(word) not in words]
