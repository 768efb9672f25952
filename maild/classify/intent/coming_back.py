"""Phrases that say of a trouble that it has come back, and of a service the same: the context decides. Pure."""

import re

from maild.classify.folding import fold, on_one_line
from maild.classify.intent.intents import spell_yes

_LIMIT = 400
"""Characters that are read: who says it says it first."""

_BACK = re.compile(
    r"\b(?:it|this|that|the (?:same )?(?:problem|issue|error|fault))(?: is|'s| has come| came| comes| appeared)?"
    r" (?:back|again|returned|reappeared)\b(?! (?:to normal|to work|online|on\b(?! and off)|up|working|in service|and running))"
    r"|\b(?:happen(?:s|ed|ing)|started|occurs|occurred) again\b"
    r"|\b(?:es|das (?:problem|ganze)|der fehler|die storung) (?:ist|war) (?:jetzt |heute |schon )?wieder (?:da|zuruck|aufgetreten|aufgetaucht)\b"
    r"|\b(?:es|das (?:problem|ganze)|der fehler|die storung) (?:tritt|kam|kommt|taucht) (?:jetzt |heute |schon )?wieder\b"
    r"|\b(?:c'est|ca|cela|il|elle) (?:est )?(?:revenue?|revient|recommence|a recommence|reapparait)\b"
    r"|\b(?:le (?:meme )?(?:probleme|souci)|l'(?:erreur|incident)|la panne)"
    r" (?:est (?:de retour|revenue?|reapparue?)|revient|recommence|reapparait|a recommence)\b"
    r"|\b(?:ha|han) (?:vuelto|regresado|reaparecido)\b(?! a (?:funcionar|la normalidad|estar|ir|andar))|\b(?:vuelve|volvio) a (?:pasar|fallar|ocurrir|suceder|aparecer)\b"
    r"|\b(?:el (?:mismo )?(?:problema|error)|la (?:misma )?averia) (?:esta de vuelta|volvio|vuelve|regreso|reaparecio)\b"
)

_DENIED = re.compile(
    r"(?:\b(?:not|never|nicht|nie|niemals|jamais)|n't)(?: (?:yet|since|ever|once|been|have|mehr))?\W*\Z"
    r"|\b(?:no|nunca|jamas|tampoco)(?: (?:se|me|nos|le|les|te|lo|la|ya|nunca)){0,2}\W*\Z"
)
"""Directly before it: "it has not happened again", "no ha vuelto"."""

_SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|until|should|in case|wenn|falls|sollte|ob|bis|si|s'il|s'|au cas ou|en caso de que|cuando)"
    r"(?: (?!(?:but|and|or|aber|und|oder|mais|et|pero|y)\b)[\w'-]+){0,4}\W*\Z"
)
"""In the same clause: "I will write if it happens again"."""

_CLAUSE_ENDS = re.compile(r"[.!?;:,|]")


def comes_back(text: str) -> str | None:
    """The phrase that says so, in English, German, French or Spanish; None where there is none."""
    folded = fold(spell_yes(on_one_line(text[:_LIMIT])))
    said = (found for found in _BACK.finditer(folded) if _is_said(folded[: found.start()]))
    return next((found.group() for found in said), None)


def _is_said(before: str) -> bool:
    clause = _CLAUSE_ENDS.split(before)[-1]
    return not (_DENIED.search(clause) or _SUPPOSED.search(clause))
