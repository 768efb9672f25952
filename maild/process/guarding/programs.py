"""Programs: what a mail program writes in its user's name, and no person has. Pure."""

import re
from collections.abc import Set as AbstractSet

_MOST_WORDS = 40
"""Of such a mail, the subject that it repeats included; a person who speaks of one writes more."""

_RECALL = re.compile(
    r"\A(.{1,100}?) (?:would like to recall the message\b|möchte die nachricht\b.{0,300}\bzurückrufen\b"
    r"|(?:souhaite|souhaiterait|aimerait) rappeler le message\b|(?:desea|desearía|quiere) recuperar el mensaje\b)",
    re.DOTALL,
)
_REACTION = re.compile(
    r"\A(.{1,100}?) (?:reacted (?:via gmail|to your (?:message|e-?mail))\b|(?:hat|haben) (?:über|via|mit) gmail reagiert\b"
    r"|hat auf ihre (?:nachricht|e-mail) reagiert\b|a réagi (?:via|avec|par) gmail\b|a réagi à votre message\b"
    r"|(?:ha reaccionado|reaccionó) (?:mediante|a través de|con|desde) gmail\b|ha reaccionado a su mensaje\b)",
    re.DOTALL,
)
_WORD = re.compile(r"\w+")


def of_a_program(words: str, *names: str) -> str | None:
    """What a mail program seems to have written, in words: a recall of Outlook, or a reaction; None: a person wrote it.

    As these programs word it in four languages, beginning with the name of whom they serve; no accuracy is claimed.
    `names`: what the author is called, in the mail and in the team; nobody writes "Lena reacted" of themselves.
    """
    said = " ".join(words.casefold().split())
    if len(said.split()) > _MOST_WORDS:
        return None
    own = {word for name in names for word in _WORD.findall(name.casefold())}
    if _is_of(_RECALL.search(said), own):
        return "it reads like the recall of a message, and what has been sent cannot be called back"
    if _is_of(_REACTION.search(said), own):
        return "it reads like a reaction that a mail program has written"
    return None


def _is_of(found: re.Match[str] | None, own: AbstractSet[str]) -> bool:
    """Whether the sentence is about its author, whatever they are called."""
    return found is not None and (not own or own >= set(_WORD.findall(found[1])))
