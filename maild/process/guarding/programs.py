"""Programs: what a mail program writes in its user's name, and no person has. Pure."""

import re

_MOST_WORDS = 40
"""Of such a mail, the subject that it repeats included; a person who speaks of one writes more."""

_RECALL = re.compile(
    r"\A.{1,100} (?:would like to recall the message\b|möchte die nachricht\b.{0,300}\bzurückrufen\b"
    r"|(?:souhaite|souhaiterait|aimerait) rappeler le message\b|(?:desea|desearía|quiere) recuperar el mensaje\b)",
    re.DOTALL,
)
_REACTION = re.compile(
    r"\breacted (?:via gmail|to your (?:message|e-?mail))\b|\b(?:hat|haben) (?:über|via|mit) gmail reagiert\b"
    r"|\bhat auf ihre (?:nachricht|e-mail) reagiert\b|\ba réagi (?:via|avec|par) gmail\b|\ba réagi à votre message\b"
    r"|\b(?:ha reaccionado|reaccionó) (?:mediante|a través de|con|desde) gmail\b|\bha reaccionado a su mensaje\b"
)


def of_a_program(words: str) -> str | None:
    """What a mail program seems to have written, in words: a recall of Outlook, or a reaction; None: a person wrote it.

    As these programs word it in four languages; no accuracy is claimed.
    """
    said = " ".join(words.casefold().split())
    if len(said.split()) > _MOST_WORDS:
        return None
    if _RECALL.search(said):
        return "it reads like the recall of a message, and what has been sent cannot be called back"
    if _REACTION.search(said):
        return "it reads like a reaction that a mail program has written"
    return None
