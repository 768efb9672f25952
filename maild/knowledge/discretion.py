"""Discretion: whether what helped one client may be shown to another. Pure."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from maild.classify.folding import fold
from maild.classify.stopwords import STOPWORDS
from maild.knowledge.article import ADDRESS_WAS_HERE
from maild.mail.language import identify
from maild.mail.message import Address
from maild.process.desk import Desk
from maild.process.guarding.leaks import addresses_in, tickets_in
from maild.process.guarding.secrets import find_secrets

LEAST_NAME = 3
"""Letters of a name that is looked for."""

_LETTERS = re.compile(r"[^\W\d_]+")
_TICKET = re.compile(r"(?i)\btickets?\s*(?:#|no\.?|nr\.?|n[.\N{DEGREE SIGN}\N{MASCULINE ORDINAL INDICATOR}])?\s*\d")


def may_be_shown(
    fix: str, language: str, desk: Desk, *, helped: Iterable[Address], freemail: Collection[str] = ()
) -> bool:
    """Whether a client who reads that language may read it: it names no client whom it helped, no ticket and no address.

    Too much is withheld rather than too little: a name counts wherever one of its words stands. A text whose own
    language cannot be told is withheld, too.
    """
    if ADDRESS_WAS_HERE in fix or addresses_in(fix) or tickets_in(fix, desk) or _TICKET.search(fix):
        return False
    if any(find_secrets(fix)) or _words(fix) & set(chain.from_iterable(_names(each, freemail) for each in helped)):
        return False
    return identify(fix, desk.languages) == language


def _names(client: Address, freemail: Collection[str]) -> Iterator[str]:
    """The words by which somebody is known: of their name, their address, and the domain of their house."""
    local, _, domain = client.key.rpartition("@")
    house = "" if domain in freemail else max(domain.split(".")[:-1], key=len, default="")
    for word in _words(f"{client.name} {local} {house}"):
        if len(word) >= LEAST_NAME and word not in STOPWORDS:
            yield word


def _words(text: str) -> set[str]:
    return set(_LETTERS.findall(fold(text)))
