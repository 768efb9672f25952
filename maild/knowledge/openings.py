"""Openings: how people begin something new, and how they answer, by a few words of four languages. Pure."""

import re

from maild.classify.folding import fold

BEGINNING = 60
"""Words of a text that show whether it begins something."""

_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|greetings|good (?:morning|day|afternoon|evening)|all|folks"
    r"|hallo|guten (?:tag|morgen|abend)|moin|servus|gruss gott|sehr geehrte[rs]?|liebe[rs]?"
    r"|bonjour|bonsoir|salut|madame|monsieur|cher|chere|chers|hola|buenos|buenas|estimad[oa]s?|querid[oa]s?)\b"
)
_OPENING = re.compile(
    r"\b(?:i have (?:an?|the|some|set|installed|been|just|problem)|i(?:'?m| am) (?:trying|having|new|using|looking|wondering|facing)"
    r"|is (?:it|there) (?:possible|any|a way|some way)|i(?:'d| would) like|i (?:want to|need|just|was wondering)"
    r"|we (?:have|are|need|want|would like)|does (?:anyone|anybody|it)|can (?:i|we|you|anyone|somebody)|how (?:can|do|to)"
    r"|could (?:you|i|we)|my (?:name|problem|question)|first of all|feature request|suggestion)\b"
    r"|\b(?:ich (?:habe ein|mochte|brauche|suche|wollte|versuche|wurde gern)|wir (?:haben|brauchen|mochten|suchen|benotigen)"
    r"|konnen (?:sie|wir|ich)|konnten (?:sie|wir)|kann (?:ich|man|jemand)|gibt es (?:eine|die)|ist es moglich|wie (?:kann|konnen)"
    r"|mein(?:e)? (?:problem|frage)|neue (?:frage|anfrage)|seit (?:heute|gestern))\b"
    r"|\b(?:j'ai (?:un|une|besoin|installe)|je (?:voudrais|souhaite|cherche|n'arrive|viens)|j'essaie"
    r"|nous (?:avons|voudrions|souhaitons|aimerions)|pouvez-vous|pourriez-vous|est-il possible|est-ce (?:que|possible)|y a-t-il"
    r"|comment (?:puis|peut|faire)|mon probleme|ma question|depuis (?:ce matin|hier))\b"
    r"|\b(?:tengo (?:un|una)|necesito|necesitamos|quisiera|quisieramos|me gustaria|estoy (?:intentando|buscando)|quiero"
    r"|tenemos|podria[ns]?|pueden|es posible|hay alguna|como (?:puedo|podemos|se puede)|mi (?:problema|pregunta)"
    r"|desde (?:hoy|ayer|esta manana))\b"
)
_ANSWERING = re.compile(
    r"\b(?:thanks|thank you|that|it'?s|its|this|ok|okay|yes|no|yeah|but|so|sorry|did|tried|worked|works|same|above|below|reply"
    r"|answer|suggest\w*|will try|already|instead|those|them|he|his|one"
    r"|danke|das|dies\w*|es|ja|nein|aber|also|leider|hat|hatte|geht|ging|gleiche|oben|unten|antwort|vorschlag|schon|bereits|stattdessen"
    r"|merci|cela|ca|ceci|oui|non|mais|donc|desole|marche|fonctionne|dessus|dessous|reponse|deja|celui"
    r"|gracias|eso|esto|si|pero|entonces|perdon|funciona|funciono|arriba|abajo|respuesta|ya|aquello)\b"
)


def greets(text: str) -> bool:
    """Whether the text begins with a greeting."""
    return bool(_GREETING.match(fold(text)))


def openings(text: str) -> int:
    """How often its beginning says what somebody has, wants or asks for the first time; two are as good as more."""
    return min(2, len(_OPENING.findall(_beginning(text))))


def answering_share(text: str) -> float:
    """Of the words of its beginning those that point back at what was said."""
    words = _beginning(text)
    return len(_ANSWERING.findall(words)) / max(1, len(words.split()))


def _beginning(text: str) -> str:
    return fold(" ".join(text.split()[:BEGINNING]))
