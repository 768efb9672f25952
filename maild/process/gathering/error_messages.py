"""The words of errors: what a program printed, what stood in its window, what a page said."""

import re
from collections.abc import Iterator
from itertools import chain

from maild.process.gathering.material import Material, Place

_LINE = re.compile(
    r"^[ \t>*|#{]{0,12}(?:[\d:,.tz+-]{5,30}[ \t]{1,3}){0,2}(?:[\w.-]{1,30}(?:\[\d{1,8}\])?:[ \t])?"
    r"[\[(]?(?:error|fatal(?: error)?|warn(?:ing)?|severe|failure|exception|fehler(?:meldung)?|warnung|erreur|avertissement"
    r"|message d'erreur|mensaje de error|advertencia|error message|error-message)[\])]?"
    r"(?P<between>(?:[ \t]{1,2}[\w.-]{1,40}){0,2}[ \t]{0,2}[:\]-]?[ \t]{1,4})(?P<words>[^\n]{10,200})",
    re.MULTILINE,
)
_TOLD = re.compile(
    r"[ \t]{1,2}(?=[a-z_-]{0,8}\d)[\w.-]{1,40}[ \t]{1,2}(?:on|in|at|when|while|since|after|during|for|from|with|and|is|was|again"
    r"|auf|im|am|an|bei|beim|seit|nach|mit|wenn|und|ist|sur|dans|depuis|lors|pendant|quand|avec|au|à|et|est|en|al|desde|cuando|con|durante|y|es)\b"
)
"""Between the word for error and what follows: a code, and then the author's own words about it ("error 809 on the VPN")."""

_ABOUT = re.compile(
    r"[ \t]{1,2}(?:in|on|at|when|while|since|after|during|with|auf|im|am|bei|beim|seit|nach|wenn|sur|dans|depuis|lors|pendant|quand|avec|au|à"
    r"|en|al|desde|cuando|con|durante|tras)\b[^\n:=]{0,250}$",
    re.MULTILINE,
)
"""Behind the word for error: where it came up, in the author's own words ("Error when printing"); what a program prints has a colon."""

_LOGGED = re.compile(
    r"^[ \t>*|]{0,12}(?:[\d:,.TZ+/-]{5,30}[ \t]{1,3}){1,3}(?:#\d{1,5}[ \t])?\[?(?:ERROR|FATAL|SEVERE|WARN(?:ING)?|CRITICAL)\]?"
    r"(?:[^\n]{0,160}?(?:[ \t]-|:))?[ \t]{1,3}(?P<words>[^\n]{10,200})",
    re.MULTILINE,
)
_COMPILED = re.compile(
    r"^[ \t]{0,12}[^\s:]{1,200}:\d{1,7}(?::\d{1,5})?:[ \t](?:fatal )?(?:error|warning):[ \t](?P<words>[^\n]{4,200})",
    re.MULTILINE,
)
_PRINTED = re.compile(
    r"^[ \t>*|#]{0,12}(?P<words>[a-z][\w.+-]{1,30}(?:\[\d{1,8}\])?:[ \t][^\n]{0,120}?"
    r"(?:error|invalid|fail|cannot|can't|could not|couldn't|no such|denied|unknown|not found|refused|timed out)[^\n]{0,120})",
    re.MULTILINE,
)
_EXCEPTION = re.compile(
    r"(?<![\w.$])(?P<words>(?:[a-z]\w{0,30}\.){1,10}[A-Z]\w{1,60}(?:Exception|Error)(?:\b|(?=[a-z]{2,10}\.))(?::[ \t][^\n]{1,150})?)"
    r"|\b(?i:throw(?:s|ing|n)?|g[eo]t(?:s|ting)?|gives?|raised?s?|(?:fail|crash)(?:s|es|ed)? with|wirft|lève|lanza)[ \t](?:(?i:an?|the|eine?|une?|un) )?"
    r"(?P<bare>[A-Z]\w{2,60}(?:Exception|Error))\b"
    r"|^(?P<first>[A-Z]\w{2,60}(?:Exception|Error)(?::[ \t][^\n]{1,150})?)",
    re.MULTILINE,
)
_WORD = (
    r"(?:error|errors|exception|message|says|said|saying|it say|reads|shows?|warning|fehler\w{0,10}|meldung|meldet|steht|heißt"
    r"|erreur|indique|affiche|dit|mensaje|dice|aparece|muestra|sale"
    r"|(?:comes?|came|sent|bounces?) back with|(?:ends?|stops?|fail(?:s|ed)?|aborts?) with|(?:endet|bricht) mit|s'arrête (?:sur|avec)|termin[ae] con|falla con)"
)
_NAMED = r"(?:click|press|choose|select|tap|klick|drück|wähl|cliqu|appuy|choisi|puls|clic|pinch|button|schaltfläche|bouton|botón|subject|betreff|objet|asunto)"
"""What is quoted behind it is a button, or the subject of a mail."""

_GIVES = r"(?:gives?|gave|gets?|getting|got|lands? on|liefert|bekomme\w?|renvoie|obtengo|devuelve)"
"""Behind such a word short names are quoted, too: of a list, a button."""

_QUOTED = re.compile(
    rf"\b{_WORD}\b(?![^\n\"“”„«»]{{0,40}}\b{_NAMED})[^\n\"“”„«»]{{0,40}}(?:\n[ \t]{{0,8}}){{0,2}}[\"“„«»][ \t]?(?P<words>[^\"“”«»\n]{{4,200}})[\"”“«»]"
    rf"|\b{_GIVES}\b(?![^\n\"“”„«»]{{0,40}}\b{_NAMED})[^\n\"“”„«»]{{0,40}}[\"“„«»][ \t]?(?P<given>[^\"“”«»\n]{{16,200}})[\"”“«»]"
    rf"|\b{_WORD}:? '(?P<single>[^'\n]{{6,120}})'(?![\w'])"
    rf"|[\"“„«»][ \t]?(?P<before>[^\"“”„«»\n]{{4,200}})[\"”“«»][ \t]{{0,2}}{_WORD}\b"
)
_KNOWN = re.compile(
    r"\b(?:access (?:is |was )?denied|permission denied|connection (?:was |has )?(?:refused|timed out|reset|been reset|lost|closed)"
    r"|(?:authentication|log[ -]?in|sign[ -]?in|anmeldung) (?:has |is )?(?:failed|fehlgeschlagen)|server (?:is )?(?:unavailable|not (?:available|responding))"
    r"|no such file or directory|out of memory|no space left on device|(?:disk|mailbox|storage) (?:is )?full|(?:cannot|can't|unable to) connect to [^\n.;\"“”„«»]{2,60}"
    r"|failed to (?:load|connect|start|open|authenticate)\b[^\n.;]{0,60}|could ?n'?o?t resolve host|bad gateway|internal server error|service unavailable"
    r"|page (?:can ?not|can't) be (?:displayed|reached)|invalid (?:credentials|password|username|certificate|token|grant|licen[cs]e)"
    r"|(?:certificate|licen[cs]e|password|session|token) (?:is |has )?(?:expired|invalid|not (?:valid|trusted))|certificate doesn't match[^\n]{0,100}"
    r"|zugriff verweigert|verbindung (?:wurde )?(?:verweigert|abgelehnt|unterbrochen|fehlgeschlagen)|zeitüberschreitung|nicht genügend (?:speicher|arbeitsspeicher)"
    r"|accès refusé|connexion (?:a été )?(?:refusée|interrompue|impossible)|délai (?:d'attente )?dépassé|mémoire insuffisante"
    r"|acceso denegado|conexión (?:rechazada|interrumpida|fallida)|tiempo de espera agotado|memoria insuficiente)"
)
_SPEAKS = (
    r"(?:(?:it|page|screen|site|website|link|box|window|pop-?up|system|program|app|portal|printer|display|mail)"
    r"(?: (?:just|only|always|then|now|still)){0,2} (?:says|said|keeps saying|tells me)(?: that)?"
    r"|(?:es|seite|bildschirm|programm|system|app|portal|drucker|fenster) (?:sagt|meldet|behauptet),?(?: dass)?"
    r"|(?:site|page|écran|système|logiciel|portail|imprimante) (?:dit|indique|signale)(?: que)?"
    r"|(?:sitio|web|página|pantalla|sistema|programa|portal|impresora) (?:dice|indica|avisa)(?: de)?(?: que)?)"
)
_SAID = re.compile(
    rf"\b{_SPEAKS} (?!(?:que|dass|i|he|she|todo|tout|on|in|at|so|that|all|ok|success\w*|done|nothing|here|there|hello|auf|im|nichts|dans|sur|rien|en|nada)\b)(?P<words>[^\n.:;!?\"“”„«»]{{6,120}})(?=[\n.;!?]|$)",
    re.MULTILINE,
)
"""In the author's own sentence."""

_NONE = re.compile(
    r"\b(?:(?:without (?:an?|any)|no) (?:error )?(?:messages?|errors?)(?: at all| or anything)?|no errors? (?:appears?|comes? up|is shown)"
    r"|(?:ohne|keine) (?:jede )?(?:fehlermeldung|meldung)|(?:sans message(?: d'erreur)?|aucun message d'erreur)|(?:ne|sans) (?:donne |affiche )?aucune? erreur"
    r"|(?:sin mensaje(?: de error)?|ningún mensaje de error)|ningún error)\b(?! (?:in|from|to|from|for|by|von|an|de la part|de parte|since|when|wenn|was sent|were sent)\b)"
)
"""That there is none is an answer, too."""

_TROUBLE = ("error", "fatal", "warn", "severe", "failure", "exception", "fehler", "erreur", "advert", "avert")
_LEVELS = ("ERROR", "FATAL", "SEVERE", "WARN", "CRITICAL")
_QUOTES = ('"', "“", "„", "«", "»", "'")
_NEEDS = {
    _LINE: _TROUBLE,
    _QUOTED: _QUOTES,
    _KNOWN: ("",),
    _SAID: ("sa", "keeps", "tells", "meldet", "behauptet", "di", "signale", "avisa"),
    _NONE: ("no", "ohne", "keine", "sans", "aucun", "sin", "without"),
    _LOGGED: _LEVELS,
    _COMPILED: ("error:", "warning:"),
    _PRINTED: (": ", ":\t"),
    _EXCEPTION: ("Exception", "Error"),
}
"""Pattern to what stands in every text in which it finds anything, one of these at least: looking for it costs next to nothing."""

_IN_LOWER_CASE = (_LINE, _QUOTED, _SAID, _KNOWN, _NONE)
_AS_WRITTEN = (_LOGGED, _COMPILED, _PRINTED, _EXCEPTION)


def find_error_messages(material: Material, /) -> Iterator[Place]:
    """Give each place once; of two that overlap the one that begins first, and of those the longest."""
    found = (place for match in _matches(material) if (place := _place(material, match)))
    reached = 0
    for place in sorted(found, key=lambda place: (place.start, -place.end)):
        if place.start >= reached:
            yield place
            reached = place.end


def _matches(material: Material) -> Iterator[re.Match[str]]:
    for patterns, text in ((_IN_LOWER_CASE, material.lower), (_AS_WRITTEN, material.text)):
        able = (pattern for pattern in patterns if any(needed in text for needed in _NEEDS[pattern]))
        found = chain.from_iterable(pattern.finditer(text) for pattern in able)
        yield from (match for match in found if match.re is not _LINE or not _is_told(match, text))


def _is_told(match: re.Match[str], text: str) -> bool:
    """Whether the author tells here of an error, as in "error when printing": no message of a program follows the word."""
    start = match.start("between")
    return any(pattern.match(text, start) for pattern in (_TOLD, _ABOUT))


def _place(material: Material, match: re.Match[str]) -> Place | None:
    start, end = match.span(match.lastgroup or 0)
    words = material.text[start:end].rstrip(" \t.,;:|")
    has_words = sum(map(str.isalpha, words)) > 3  # noqa: PLR2004 - "OK", "N/A" and rows of dashes are no message
    return Place(words, start, start + len(words)) if has_words else None
