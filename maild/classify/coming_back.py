"""Phrases that say of a trouble that it has come back, and of a service the same: the context decides. Pure."""

import re

from maild.classify.folding import fold, on_one_line

_LIMIT = 400
"""Characters that are read: who says it says it first."""

_BACK = re.compile(
    r"\b(?:it|this|that|the (?:same )?(?:problem|issue|error|fault))(?: is|'s| has come| came| comes| appeared)?"
    r" (?:back|again|returned|reappeared)\b(?! (?:to normal|to work|online|up|in service|and running))"
    r"|\b(?:happen(?:s|ed|ing)|started|occurs|occurred) again\b"
    r"|\b(?:es|das (?:problem|ganze)|der fehler|die storung) (?:ist|war) (?:jetzt |heute |schon )?wieder (?:da|zuruck|aufgetreten|aufgetaucht)\b"
    r"|\b(?:es|das (?:problem|ganze)|der fehler|die storung) (?:tritt|kam|kommt|taucht) (?:jetzt |heute |schon )?wieder\b"
    r"|\b(?:c'est|ca|cela|il|elle) (?:est )?(?:revenue?|revient|recommence|a recommence|reapparait)\b"
    r"|\b(?:le (?:meme )?(?:probleme|souci)|l'(?:erreur|incident)|la panne)"
    r" (?:est (?:de retour|revenue?|reapparue?)|revient|recommence|reapparait|a recommence)\b"
    r"|\b(?:ha|han) (?:vuelto|regresado|reaparecido)\b(?! a (?:funcionar|la normalidad|estar|ir|andar))|\b(?:vuelve|volvio) a (?:pasar|fallar|ocurrir|suceder|aparecer)\b"
    r"|\b(?:el (?:mismo )?(?:problema|error)|la (?:misma )?averia) (?:esta de vuelta|volvio|vuelve|regreso|reaparecio)\b"
)


def comes_back(text: str) -> str | None:
    """The phrase that says so, in English, German, French or Spanish; None where there is none."""
    found = _BACK.search(fold(on_one_line(text[:_LIMIT])))
    return found.group() if found else None
