"""The name of a person in a signature or behind a farewell."""

import re
from collections.abc import Sequence

from maild.classify.folding import fold
from maild.classify.signature.proper import is_proper, is_shouted
from maild.classify.signature.signature_words import EDGE, SignatureWords, tokens_of

_LONGEST_NAME = 5
_LONGEST_SIGNED = 2
_INITIALS = 2


def is_signed_name(written: Sequence[str], words: SignatureWords, known: frozenset[str]) -> bool:
    """Whether it is a name: of one word at least that says nothing else, or known as the author's."""
    tokens = [fold(token).strip(EDGE) for token in written]
    names = [token for token in tokens if token not in words.particles | words.degrees]
    if names and set(names) <= known - words.farewells and is_own(written, words):
        return True
    if not names or len(written) > _LONGEST_NAME or not are_names(written, words):
        return False
    is_initial = all(len(token) <= _INITIALS for token in names)
    return is_initial or any(len(token) > 1 and token not in words.understood for token in names)


def is_first_name(written: Sequence[str], words: SignatureWords) -> bool:
    """Whether it is a common first name, perhaps with a family's behind it, and nothing else."""
    first = fold(written[0]).strip(EDGE)
    is_given = first in words.given and first not in words.understood | words.trouble
    return is_given and len(written) <= _LONGEST_SIGNED and are_names(written, words)


def is_own(written: Sequence[str], words: SignatureWords) -> bool:
    """Whether the author's name can be nothing else here: written as names are, or in no word that says something."""
    return all(map(is_name_word, written)) or words.understood.isdisjoint(tokens_of(" ".join(written)))


def are_names(written: Sequence[str], words: SignatureWords) -> bool:
    """Whether all are written as names are, one of them not in capitals alone, and none is a shout or a thing."""
    small = words.particles | words.degrees
    names = [token for token in written if not is_of(token, small)]
    is_loud = all(is_shouted(token.strip(EDGE)) for token in names)
    is_strange = any(fold(token).strip(EDGE) in words.shouts | words.farewells | words.things for token in names)
    return all(map(is_name_word, names)) and not is_strange and not (names and is_loud)


def is_name_word(token: str) -> bool:
    """Whether it may stand in a name or an address: a capital begins it, or it is a number."""
    bare = token.strip(EDGE)
    return not bare or bare == "&" or is_proper(bare) or re.fullmatch(r"[A-Z]{0,3}\d[\w.-]*", bare) is not None


def is_of(token: str, known: frozenset[str]) -> bool:
    """Whether it, or each part of it, is one of the known words, or none at all."""
    bare = fold(token).strip(EDGE)
    return bare in known or all(part in known for part in bare.split("-")) or not re.search(r"\w", bare)
