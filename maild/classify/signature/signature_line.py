"""What a line of a signature looks like: a name, a job, a firm, an address, a number, a notice about the mail itself.

A list of what may not stand there would never end: a line is of a signature only where every word of it is.
"""

import re
from collections.abc import Sequence
from enum import Enum

from maild.classify.folding import fold
from maild.classify.signature.signature_words import EDGE, SignatureWords, tokens_of
from maild.classify.signature.signed_name import are_names, is_name_word, is_of, is_signed_name

_DASH = "[-\N{EN DASH}\N{EM DASH}/]"
_PART = re.compile(rf"\s*[|\u2022\u00b7\u25cf\u00bb()]\s*|\s+{_DASH}\s+|,\s+|,\Z")
_SENTENCE = re.compile(r"[.!?:](?=\s|\Z)")
_CONTACT = re.compile(
    r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]+@[\w.-]+\.\w+|(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,8}(?:/\S*)?(?![\w.])"
    r"|\+?\(?\d[\d\s().-]*\d|(?<!\w)\d(?!\w)|(?<!\w)@\w+"
)
"""Links, addresses of mail and numbers."""

_FIGURES = re.compile(r"(?:\W*\d){1,4}\W*")
_NUMBERED = re.compile(r"(?i)(?<!\w)(?:no|nr|n\u00ba|n\u00b0)\.?\s*(?=\w{0,3}\d)")
_POSTCODE = re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5} |\b[A-Z]{1,2}\d\w? \d[A-Z]{2}\b")
_STREET = re.compile(r"(?:stra(?:ss|s)e|strasse|str|weg|platz|allee|gasse|ring|damm|ufer)\Z")
_LONGEST = 400
"""Characters of a line of a signature; only notices are longer."""

_LONGEST_SLOGAN = 8


class Looks(Enum):
    """What a line is."""

    SURE = "sure"
    """Of a signature: nobody says anything in such words."""

    NAMES = "names"
    """Words that are written as names are: whose, its place tells."""

    STRANGE = "strange"


def looks(line: str, words: SignatureWords, known: frozenset[str]) -> Looks:
    """What the line is. `known`: folded words of the author's name and address."""
    if len(line) > _LONGEST or ("?" in line and "http" not in line):
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
    tokens = tokens_of(text)
    if not words.enclosures.isdisjoint(tokens) and words.missives.isdisjoint(tokens):
        return False
    return all(
        _is_notice(sentence, words) or _is_slogan(sentence, words)
        for sentence in _SENTENCE.split(text)
        if re.search(r"\w", sentence)
    )


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
    is_place = _POSTCODE.search(part) is not None and are_names(_POSTCODE.sub(" ", part).split(), words)
    return Looks.NAMES if is_place or is_signed_name(written, words, known) else Looks.STRANGE


def _is_contact(part: str, _: Sequence[str], words: SignatureWords) -> bool:
    """Whether it is a way to reach somebody; a few figures alone are none: "404", "50 %"."""
    rest = tokens_of(_CONTACT.sub(" ", part))
    if rest:
        return set(rest) <= words.labels
    return any(not _FIGURES.fullmatch(found.group()) for found in _CONTACT.finditer(part))


def _is_title(_: str, written: Sequence[str], words: SignatureWords) -> bool:
    tokens = [bare for token in written for bare in (fold(token).strip(EDGE), *fold(token).strip(EDGE).split("-"))]
    if not set(tokens) & words.titles or not written[0][:1].isupper():
        return False
    known = words.titles | words.fields | words.particles | words.degrees | words.firms
    return all(is_of(token, known) or are_names([token], words) for token in written)


def _is_firm(_: str, written: Sequence[str], words: SignatureWords) -> bool:
    """Whether a firm's legal form ends it: "Acme Ltd. Down" says something."""
    known = words.firms | words.particles | words.fields
    form = next((place for place, token in enumerate(written) if fold(token).strip(EDGE) in words.firms), None)
    if form is None or not is_name_word(written[0]):
        return False
    is_named = all(is_of(token, known) or is_name_word(token) for token in written[:form])
    return is_named and all(is_of(token, known) for token in written[form:])


def _is_street(part: str, written: Sequence[str], words: SignatureWords) -> bool:
    tokens = tokens_of(part)
    has_street = any(token in words.streets or _STREET.search(token) for token in tokens)
    known = words.streets | words.particles
    is_number = re.search(r"\d", part) is not None
    is_french = tokens[0] in words.streets
    return has_street and (is_number or is_french) and all(is_of(x, known) or is_name_word(x) for x in written)


def _is_legal(_: str, written: Sequence[str], words: SignatureWords) -> bool:
    tokens = tokens_of(" ".join(written))
    known = words.legal | words.particles | words.firms | {"in", "der", "gesellschaft", "n", "nr"}
    is_labelled = bool(tokens) and tokens[0] in words.legal
    return is_labelled and all(is_of(token, known) or is_name_word(token) for token in written)


def _is_notice(sentence: str, words: SignatureWords) -> bool:
    tokens = tokens_of(sentence)
    known = words.confidential | words.confessed | words.confiding | words.conditions
    has_it = bool(set(tokens) & words.confidential)
    is_if = tokens[0] in words.conditions and bool(set(tokens[1:]) & words.confessed)
    strange = [token for token in sentence.split() if not is_of(token, known)]
    return (has_it and all(_is_firm_word(token, words) for token in strange)) or (is_if and not strange)


def _is_firm_word(token: str, words: SignatureWords) -> bool:
    bare = fold(token).strip(EDGE)
    return bare in words.firms or (is_name_word(token) and bare not in words.understood | words.trouble | words.shouts)


def _is_slogan(sentence: str, words: SignatureWords) -> bool:
    tokens = tokens_of(sentence)
    return 1 < len(tokens) <= _LONGEST_SLOGAN and all(
        token in words.slogans or re.fullmatch(r"(?:19|20)\d\d", token) for token in tokens
    )
