"""Does a mail complain about an out-of-office note? It may begin as such notes do, and is a client's."""

import re
from collections.abc import Iterable, Mapping, Sequence

from maild.classify.folding import fold, on_one_line
from maild.classify.phrase import Phrase, any_of, read_phrases

_WORDS = {
    "cannot": "can't|cannot|can not|could not|couldn't|unable to|how to|how do i|how do we|how can i|please",
    "not": (
        "not|isn't|is not|aren't|are not|doesn't|does not|don't|do not|didn't|did not|won't|will not|never|no longer|still not"
    ),
    "switch": "activat*|chang*|deactivat*|delete*|disable*|edit*|enable*|get rid of|remove*|set*|stop*|switch*|turn*",
    "kann": "kann|kann man|können|konnte|könnte|lässt sich|läßt sich|bitte|wie|nicht",
    "schalten": (
        "abschalten|abstellen|aktivieren|ändern|ausschalten|bearbeiten|deaktivieren|einrichten|einschalten|einstellen|"
        "entfernen|löschen|stoppen|abzuschalten|auszuschalten|einzurichten|einzuschalten"
    ),
    "gesendet": "aktiviert|angezeigt|deaktiviert|gesendet|gespeichert|verschickt|versendet",
    "peut": "peux|peut|pouvons|pouvez|impossible|comment|arrive|arrivons",
    "activer": "activ*|arrêt*|chang*|coup*|désactiv*|enlev*|modifi*|programm*|supprim*",
    "puedo": "puedo|puede|podemos|pueden|imposible|cómo|consigo|logro",
    "activar": "activar*|apagar*|cambiar*|conectar*|configurar*|desactivar*|detener*|editar*|eliminar*|quitar*",
}
"""The lists that phrases name; each is of one language."""

_LISTS = {name: any_of(words.split("|")) for name, words in _WORDS.items()}

_FAILS = {
    "english": (
        "<not> (work*|function*|sent|sending|send|set|saved|showing|enabled|going out)",
        "<not> (start*|stop*|turn*|switch*|be turned|be switched|being sent|being set|get sent|getting sent)",
        "<cannot> ~ <switch>",
        "(stopped|stops) (working|sending)",
        "(fails|failed) to",
        "keeps (coming|going|on|replying|sending|turning)",
        "(is|are) (broken|out of date|outdated|still active|still being sent|still on|still sent|stuck|wrong)",
        "still (goes|going|replies|replying|sends|sending|switched on|turned on)",
    ),
    "german": (
        "(geht|funktioniert|klappt|läuft|startet|greift) ~ nicht",
        "(wird|werden|wurde) ~ (nicht|trotzdem|noch immer|immer noch) ~ <gesendet>",
        "<kann> ~ <schalten>",
        "(lässt|läßt) sich ~ nicht",
        "(sendet|antwortet|verschickt) (nicht|immer noch|noch immer|weiterhin|trotzdem)",
        "(ist|bleibt) ~ (falsch|defekt|kaputt|noch aktiv|noch an|eingeschaltet|veraltet)",
    ),
    "french": (
        "ne (fonctionne|marche|part|s'active|s'arrête|s'envoie|se désactive|se lance) (pas|plus)",
        "n'est (pas|plus|jamais) (activ*|désactiv*|enregistré*|envoyé*|parti*)",
        "<peut> ~ <activer>",
        "ne <peut> ~ <activer>",
        "n'arrive (pas|plus) à ~ <activer>",
        "(continue|continuent) (à|de|d') (envoyer|partir|s'envoyer|être envoyé*)",
        "(est|reste) (toujours|encore) (active|activé|activée|envoyée)",
        "est (bloqué|bloquée|en panne|erronée|fausse)",
    ),
    "spanish": (
        "no (funciona|me funciona|sale|se activa|se desactiva|se envía|se guarda|se manda|está funcionando)",
        "no se (está|están|ha|han) (activado|desactivado|enviado|enviando)",
        "<puedo> ~ <activar>",
        "no <puedo> ~ <activar>",
        "no se <puedo> ~ <activar>",
        "(sigue|siguen) (activa|activada|activado|activo|enviándose|saliendo)",
        "está (bloqueada|equivocada|mal|rota)",
    ),
}
"""What is wrong with such a note, where one is spoken of."""

_FAILS_ALONE = {
    "english": (
        "broken",
        "error*",
        "failed",
        "fails",
        "failure",
        "help",
        "issue*",
        "problem*",
        "question*",
        "stuck",
        "trouble*",
    ),
    "german": ("defekt", "falsch", "fehler*", "frage*", "hilfe", "kaputt", "problem*", "störung*"),
    "french": ("aide", "en panne", "erreur*", "panne", "problème*", "question*", "souci*"),
    "spanish": ("avería", "ayuda", "error*", "falla*", "fallo*", "no va", "pregunta*", "problema*"),
}
"""What is wrong with it, where nothing else stands behind its name."""

_OWN = {
    "english": (
        "(my|the|our|his|her|their) (automatic|automated|auto) (answer*|replies|reply|response*)",
        "(my|the|our|his|her|their) (auto-reply|autoreply|out of office|out-of-office|vacation reply)",
        "(out of office|out-of-office|ooo) (assistant|message*|note*|notification*|replies|reply|response*)",
        "(automatic replies|auto-replies|away message*)",
    ),
    "german": (
        "abwesenheits*",
        "(meine|die|unsere|der) (automatische* antwort*|autoantwort*|auto-reply|out-of-office*)",
    ),
    "french": ("(ma|la|notre|sa|les|mes) réponse* automatique*", "(message|avis|réponse*) d'absence"),
    "spanish": (
        "(mi|la|nuestra|su|las|mis) respuesta* automática*",
        "(mensaje|aviso|respuesta) de (ausencia|fuera de *)",
    ),
}
"""How people speak of a note that they have set up; a note calls itself an automatic reply, and no more."""

_ASKS = {
    "english": ("(could|can|would|will) you ~ <switch>",),
    "german": ("(kannst|können|könnt|könnten|könntest) (du|ihr|sie) ~ <schalten>",),
    "french": ("(peux-tu|pourrais-tu|pourriez-vous|pouvez-vous|merci de|veuillez) ~ <activer>",),
    "spanish": (
        "(podría|podrían|podrías|puede|pueden|puedes|rogamos) ~ <activar>",
        "(active|activen|desactive|desactiven)",
    ),
}
"""Somebody is to set something: a note of its owner, where the sentence names one; notes ask other things of who reads them."""

_ASKS_ALONE = {
    "english": (
        "(could|can|would|will) you ~ (activate it|deactivate it|disable it|enable it|set it up|switch it|switch my|turn it|turn my)",
        "(could|can|would|will) you ~ (set up (my|an|the) (absence|auto*|out|vacation))",
    ),
    "german": ("(kannst|können|könnt|könnten|könntest) (du|ihr|sie) (sie|es) ~ <schalten>",),
    "french": (
        "(peux-tu|pourrais-tu|pourriez-vous|pouvez-vous|merci de|veuillez) ~ (l'activ*|l'arrêt*|l'enlev*|la désactiver|le désactiver)",
    ),
    "spanish": (
        "(podría|podrían|podrías|puede|pueden|puedes) ~ (activarl*|apagarl*|configurarl*|desactivarl*|quitarl*)",
    ),
}
"""The note is what *it* means: the subject names it."""

_LEADS = {
    "english": "it this that i we still always",
    "german": "es sie das ich wir man",
    "french": "elle il ca je on nous cela j'",
    "spanish": "ya me lo la",
}
"""What may stand in front of what is wrong."""

_LEAD = re.compile(rf"[\W_]*(?:(?:{'|'.join(' '.join(_LEADS.values()).split())})\W+)*")
_SENTENCE = re.compile(r"[.!?|]\s")


def _read(table: Mapping[str, Sequence[str]]) -> tuple[Phrase, ...]:
    return tuple(phrase for words in table.values() for one in words for phrase in read_phrases(one, _LISTS))


_FAILING, _FAILING_ALONE, _OWN_NOTES = _read(_FAILS), _read(_FAILS_ALONE), _read(_OWN)
_ASKING, _ASKING_ALONE = _read(_ASKS), _read(_ASKS_ALONE)


def goes_on_with_fault(rest: str) -> bool:
    """Whether a subject, behind the name of such a note, goes on at once with what is wrong with it."""
    said = _LEAD.sub("", fold(on_one_line(rest)), count=1).rstrip(" .!?")
    return 0 in _begins(_FAILING, said) or any(_is_all(phrase, said) for phrase in _FAILING_ALONE)


def tells_fault(text: str) -> bool:
    """Whether a sentence of the text says what is wrong with such a note, or asks to set one."""
    sentences = _SENTENCE.split(fold(on_one_line(text)))
    is_told = (_begins(_OWN_NOTES, one) and _begins((*_FAILING, *_ASKING), one) for one in sentences)
    return any(is_told) or any(_begins(_ASKING_ALONE, one) for one in sentences)


def _begins(phrases: Iterable[Phrase], folded: str) -> set[int]:
    """Where such phrases begin."""
    return {place.start() for phrase in phrases for place in phrase.places(folded)}


def _is_all(phrase: Phrase, folded: str) -> bool:
    return any(place.group() == folded for place in phrase.places(folded))
