"""What a line of a signature looks like: a name, a job, a firm, an address, a number, a notice about the mail itself.

A list of what may not stand there would never end: a line is of a signature only where every word of it is.
"""

import re
from collections.abc import Sequence
from enum import Enum

from maild.classify.folding import fold
from maild.classify.proper import is_proper, is_shouted
from maild.classify.signature_words import EDGE, SignatureWords, tokens_of

_DASH = "[-\N{EN DASH}\N{EM DASH}/]"
_PART = re.compile(rf"\s*[|\u2022\u00b7\u25cf\u00bb()]\s*|\s+{_DASH}\s+|,\s+|,\Z")
_SENTENCE = re.compile(r"[.!?:](?=\s|\Z)")
_CONTACT = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<![\w.])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}(?:/\S*)?(?![\w.])"
    r"|\+?\(?\d[\d\s().-]*\d|(?<!\w)\d(?!\w)|(?<!\w)@\w+"
)
"""Links, addresses of mail and numbers."""

_NUMBERED = re.compile(r"(?i)(?<!\w)(?:no|nr|n\u00ba|n\u00b0)\.?\s*(?=\w{0,3}\d)")
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} |\b[A-Z]{1,2}\d\w? \d[A-Z]{2}\b")
_STREET = re.compile(r"(?:stra(?:ss|s)e|strasse|str|weg|platz|allee|gasse|ring|damm|ufer)\Z")

_CLAUSE = re.compile(r"(?:[^.!?;:,|/]|[.,:/](?! |\Z))+")
_THANKS = frozenset(["thanks", "thank", "thx", "tks", "ta", "danke", "dank", "dankeschon", "merci", "gracias"])
"""A farewell in such words says something, too."""

_LONGEST_NAME = 5
_LONGEST_SLOGAN = 8
_LONGEST_INITIALS = 2


class Looks(Enum):
    """What a line is."""

    SURE = "sure"
    """Of a signature: nobody says anything in such words."""

    NAMES = "names"
    """Words that are written as names are: whose, its place tells."""

    STRANGE = "strange"


def looks(line: str, words: SignatureWords, known: frozenset[str]) -> Looks:
    """What the line is. `known`: folded words of the author's name and address."""
    if "?" in line and "http" not in line:
        return Looks.STRANGE
    parts = [part for part in _PART.split(line) if tokens_of(part)]
    if not parts:
        return Looks.SURE
    found = {_part(part.strip(), words, known) for part in parts}
    for worst in (Looks.STRANGE, Looks.NAMES):
        if worst in found:
            return worst
    return Looks.SURE


def is_notice(text: str, words: SignatureWords) -> bool:
    """Whether it is about the mail itself, such as that it is confidential, or a slogan; a sentence that is not makes it none."""
    return all(
        _is_notice(sentence, words) or _is_slogan(sentence, words)
        for sentence in _SENTENCE.split(text)
        if re.search(r"\w", sentence)
    )


def leave_taken(line: str, words: SignatureWords, known: frozenset[str]) -> str | None:
    """The line, without a name behind its farewell, where it ends in one or in thanks; None: it does not.

    Behind thanks the name stays: whom they thank, or in German any noun.
    """
    clauses = [found for found in _CLAUSE.finditer(line) if tokens_of(found.group())]
    if not clauses or "?" in line:
        return None
    last = clauses[-1]
    if (
        len(clauses) > 1
        and set(tokens_of(last.group())) <= known - words.farewells
        and _is_own(last.group().split(), words)
    ):
        return line[: clauses[-2].end()]
    if len(clauses) > 1 and _is_name(last.group().split(), words, known):
        before = clauses[-2]
        is_left = is_farewell(before.group(), words) and not _only_thanks(before.group(), words)
        return line[: before.end()] if is_left else None
    written = list(re.finditer(r"\S+", last.group()))
    while len(written) > 1 and _is_name([written[-1].group()], words, known):
        del written[-1]
    end = last.start() + written[-1].end()
    farewell = line[last.start() : end]
    if not is_farewell(farewell, words):
        return None
    is_named = len(written) < len(last.group().split())
    return line[:end] if is_named and not _only_thanks(farewell, words) else line


def is_farewell(line: str, words: SignatureWords) -> bool:
    """Whether it is nothing but a farewell."""
    tokens = tokens_of(line)
    return bool(set(tokens) & words.farewells) and set(tokens) <= words.farewells | words.parting


def is_thanks(text: str) -> bool:
    """Whether words of it thank."""
    return not _THANKS.isdisjoint(tokens_of(text))


def _only_thanks(text: str, words: SignatureWords) -> bool:
    return words.farewells.intersection(tokens_of(text)) <= _THANKS


def _part(part: str, words: SignatureWords, known: frozenset[str]) -> Looks:
    part = _NUMBERED.sub("", part)
    tokens, written = tokens_of(part), [token for token in part.split() if re.search(r"\w", token)]
    if set(tokens) & words.trouble:
        return Looks.STRANGE
    sure = (_is_contact, _is_title, _is_firm, _is_street, _is_legal)
    small = words.pronouns | {""}
    if any(judge(part, written, words) for judge in sure) or set(re.split(r"[/\s]+", " ".join(tokens))) <= small:
        return Looks.SURE
    if set(tokens) <= words.degrees | words.countries:
        return Looks.SURE
    is_place = _POSTCODE.search(part) is not None and _are_names(_POSTCODE.sub(" ", part).split(), words)
    return Looks.NAMES if is_place or _is_name(written, words, known) else Looks.STRANGE


def _is_contact(part: str, _: Sequence[str], words: SignatureWords) -> bool:
    rest = tokens_of(_CONTACT.sub(" ", part))
    return set(rest) <= words.labels and bool(rest or _CONTACT.search(part))


def _is_title(_: str, written: Sequence[str], words: SignatureWords) -> bool:
    tokens = [bare for token in written for bare in (fold(token).strip(EDGE), *fold(token).strip(EDGE).split("-"))]
    if not set(tokens) & words.titles or not written[0][:1].isupper():
        return False
    known = words.titles | words.fields | words.particles | words.degrees | words.firms
    return all(_is_of(token, known) or _are_names([token], words) for token in written)


def _is_firm(_: str, written: Sequence[str], words: SignatureWords) -> bool:
    """Whether a firm's legal form ends it: "Acme Ltd. Down" says something."""
    known = words.firms | words.particles | words.fields
    form = next((place for place, token in enumerate(written) if fold(token).strip(EDGE) in words.firms), None)
    if form is None or not _is_proper(written[0]):
        return False
    is_named = all(_is_of(token, known) or _is_proper(token) for token in written[:form])
    return is_named and all(_is_of(token, known) for token in written[form:])


def _is_street(part: str, written: Sequence[str], words: SignatureWords) -> bool:
    tokens = tokens_of(part)
    has_street = any(token in words.streets or _STREET.search(token) for token in tokens)
    known = words.streets | words.particles
    is_number = re.search(r"\d", part) is not None
    is_french = tokens[0] in words.streets
    return has_street and (is_number or is_french) and all(_is_of(x, known) or _is_proper(x) for x in written)


def _is_legal(_: str, written: Sequence[str], words: SignatureWords) -> bool:
    tokens = tokens_of(" ".join(written))
    known = words.legal | words.particles | words.firms | {"in", "der", "gesellschaft", "n", "nr"}
    is_labelled = bool(tokens) and tokens[0] in words.legal
    return is_labelled and all(_is_of(token, known) or _is_proper(token) for token in written)


def _is_name(written: Sequence[str], words: SignatureWords, known: frozenset[str]) -> bool:
    """Whether it is a name: of one word at least that says nothing else, or known as the author's."""
    tokens = [fold(token).strip(EDGE) for token in written]
    names = [token for token in tokens if token not in words.particles | words.degrees]
    if names and set(names) <= known - words.farewells and _is_own(written, words):
        return True
    if not names or len(written) > _LONGEST_NAME or not _are_names(written, words):
        return False
    is_initial = all(len(token) <= _LONGEST_INITIALS for token in names)
    return is_initial or any(len(token) > 1 and token not in words.understood for token in names)


def _is_own(written: Sequence[str], words: SignatureWords) -> bool:
    """Whether the author's name can be nothing else here: written as names are, or in no word that says something."""
    return all(map(_is_proper, written)) or words.understood.isdisjoint(tokens_of(" ".join(written)))


def _are_names(written: Sequence[str], words: SignatureWords) -> bool:
    """Whether all are written as names are, one of them not in capitals alone, and none is a shout."""
    small = words.particles | words.degrees
    names = [token for token in written if not _is_of(token, small)]
    is_loud = all(is_shouted(token.strip(EDGE)) for token in names)
    is_strange = any(fold(token).strip(EDGE) in words.shouts | words.farewells for token in names)
    return all(map(_is_proper, names)) and not is_strange and not (names and is_loud)


def _is_proper(token: str) -> bool:
    bare = token.strip(EDGE)
    return not bare or bare == "&" or is_proper(bare) or re.fullmatch(r"[A-Z]{0,3}\d[\w.-]*", bare) is not None


def _is_of(token: str, known: frozenset[str]) -> bool:
    bare = fold(token).strip(EDGE)
    return bare in known or all(part in known for part in bare.split("-")) or not re.search(r"\w", bare)


def _is_notice(sentence: str, words: SignatureWords) -> bool:
    tokens = tokens_of(sentence)
    known = words.confidential | words.confessed | words.confiding | words.conditions
    has_it = bool(set(tokens) & words.confidential)
    is_if = tokens[0] in words.conditions and bool(set(tokens[1:]) & words.confessed)
    strange = [token for token in sentence.split() if not _is_of(token, known)]
    return (has_it and all(_is_firm_word(token, words) for token in strange)) or (is_if and not strange)


def _is_firm_word(token: str, words: SignatureWords) -> bool:
    bare = fold(token).strip(EDGE)
    return bare in words.firms or (_is_proper(token) and bare not in words.understood | words.trouble | words.shouts)


def _is_slogan(sentence: str, words: SignatureWords) -> bool:
    tokens = tokens_of(sentence)
    return 1 < len(tokens) <= _LONGEST_SLOGAN and all(
        token in words.slogans or re.fullmatch(r"(?:19|20)\d\d", token) for token in tokens
    )
