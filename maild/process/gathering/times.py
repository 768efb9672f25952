"""Since when: the words for it in the four shipped languages, and the times of log lines."""

import re
from collections.abc import Iterator

from maild.process.gathering.material import Material, Place

_CLOCK = r"\d{1,2}(?:[:.]\d\d| ?h ?\d\d| ?(?:am|pm|uhr|h)\b)"
_DATE = r"\d{1,4}[./-]\d{1,2}(?:[./-](?:\d{1,4})?)?|\d{1,2}(?:st|nd|rd|th|\.|er)? (?:de )?[a-zéûäñ]{3,10}\.?"
_MONTHS = (
    r"jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|february|märz|march|april|may|mai|june|juni|july|juli|august|september|october|oktober"
    r"|november|december|dezember|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_CHANGE = (
    r"(?:update|upgrade|migration|restart|reboot|release|patch|move|change|installation|power cut|maintenance"
    r"|umstellung|umzug|neustart|aktualisierung|wartung|wechsel|stromausfall"
    r"|mise à jour|redémarrage|changement|déménagement|panne de courant"
    r"|actualización|reinicio|cambio|mudanza|corte de luz|migración)\w{0,2}"
)
_ENGLISH = (
    r"yesterday|today|tonight|midnight|noon|lunch|morning|afternoon|evening|night|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:minute|hour|day|week|month|year)s?|beginning|start"
)
_GERMAN = (
    r"gestern|vorgestern|heute|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|morgen|früh|mittag|abend|nacht"
    r"|wochenende|minuten?|stunden?|tag(?:en?)?|wochen?|monat(?:en?)?|jahr(?:en?)?|anfang|kurzem|ewig\w{0,4}"
)
_FRENCH = (
    r"hier|avant-hier|aujourd'hui|matin|midi|soir|nuit|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|week-end"
    r"|minutes?|heures?|jours?|semaines?|mois|ans?|début"
)
_SPANISH = (
    r"ayer|anteayer|hoy|anoche|mañana|mediodía|tarde|noche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|fin de semana"
    r"|minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?|principios"
)

_PART_OF_DAY = (
    r" (?:morning|noon|afternoon|evening|night|morgen|früh|vormittag|mittag|nachmittag|abend|nacht|matin|midi|après-midi|soir"
    r"|por la (?:mañana|tarde|noche))"
)
"""`yesterday evening`: the second word belongs to the first."""


def _since(word: str, times: str) -> str:
    """Behind the word for since, within a few words, something that is a time or a change."""
    return (
        rf"{word}\b[^\n.;!?]{{0,24}}?(?:(?<!\w)(?:{times}|{_MONTHS}|{_CHANGE})(?!\w)(?:{_PART_OF_DAY}(?!\w))?"
        rf"|(?<!\w)(?:{_CLOCK}|{_DATE})(?!\w))"
    )


_TROUBLE = r"(?:it|this|that|which|everything|(?:problem|trouble|issue|error|crash|delay|failure|fault)\w{0,2})"
"""What begins with something, where a person may begin with it, too: "We started with a new supplier"."""

_ENDS = r"(?=[ \t]*(?:[,.;!?)\n]|$))"
_PLACE = (
    r"(?:bureau|maison|domicile|ordinateur|portable|poste|téléphone|mobile|tablette|site|page|appli(?:cation)?|navigateur|adresse|compte|réseau|serveur|salle"
    r"|oficina|casa|ordenador|portátil|móvil|teléfono|tableta|trabajo|sitio|web|página|aplicación|navegador|correo|dirección|cuenta|red|servidor|sala)\b"
)
"""`depuis le bureau`, `desde el portátil`: from where, not since when."""

_PHRASES = (
    # English
    rf"since (?:the|our|last|this|that) (?!(?:is|was|isn't|wasn't)\b)(?:[\w-]{{2,20}} ){{0,1}}?[\w-]{{3,20}}{_ENDS}",
    r"for (?:some |many |several )?(?:minutes|hours|days|weeks|months|ages)(?: now\b)",
    r"for (?:days|weeks|months|ages)(?! (?:of|off|on|to)\b)",
    r"just now|a moment ago",
    r"(?:won't|can't|cannot|doesn't|don't|didn't|isn't|no longer|nothing|nobody|no one) (?:[\w']{1,12} ){0,6}?today",
    _CHANGE + r" (?:on |of |last )(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|this week|last week)",
    _since("since", _ENGLISH),
    (
        r"for (?:about |around |more than |over |the |at least ){0,2}(?:last |past )?"
        r"(?:\d{1,3}|an?|two|three|four|five|six|several|few|some) (?:minutes?|hours?|days?|weeks?|months?|years?)"
        r"(?! (?:of|old|holiday|leave|trial)\b)"
    ),
    r"(?:\d{1,3}|an?|two|three|four|five|six|several|few) (?:minutes?|hours?|days?|weeks?|months?) ago",
    (
        r"(?:started|beg[au]n|happen\w{0,3}|stopped|broken?|crash\w{0,2}|fail\w{0,3}|notic\w{0,3}|occurr?\w{0,3}|expired|disappeared|work(?:ed|ing)) (?:(?!sent )\w{1,12} ){0,3}?"
        r"(?:yesterday|today|this (?:morning|afternoon|week)|last (?:night|week|month)"
        r"|(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    ),
    (
        r"(?:yesterday|this morning|last night|the day before yesterday)"
        r"(?: (?:morning|afternoon|evening|at \d{1,2}(?::\d\d)? ?(?:am|pm)?))?"
    ),
    r"(?:ever since|after) (?:the |an? |our |my |your |this |last |latest |yesterday's ){0,2}(?:[\w-]{1,20} ){0,2}?"
    + _CHANGE,
    r"(?:began|begun|started) (?:when|after|as soon as) [^\n.;!?,]{3,60}",
    rf"{_TROUBLE} (?:all |has |had |have |only ){{0,2}}(?:began|begun|started) with [^\n.;!?,]{{3,60}}",
    r"since (?:i|we) (?:got(?! no\b)|changed|installed|moved|switched|updated|upgraded)\b",
    # German
    rf"seit (?:dem|der|unserem|unserer) (?:[\w-]{{2,20}} ){{0,1}}?[\w-]{{3,20}}{_ENDS}",
    r"gerade eben|soeben",
    r"(?:nicht|nichts|niemand|kein\w{0,2}) (?:\w{1,12} ){0,5}?heute|heute (?:\w{1,12} ){0,5}?(?:nicht|nichts|niemand|keine?)",
    _since("seit(?:dem)?", _GERMAN),
    (
        r"vor (?:etwa |ungefähr |rund |ein paar |\d{1,3} |einer |einem |zwei |drei |vier |fünf |wenigen ){1,2}"
        r"(?:minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?)"
    ),
    r"(?:vorgestern|gestern|heute) (?:morgen|früh|vormittag|mittag|nachmittag|abend|nacht)|(?:vor)?gestern",
    r"(?:letzte[rn]?|vergangene[rn]?) (?:nacht|woche|montag|dienstag|mittwoch|donnerstag|freitag)",
    r"nach (?:dem |der |einem |einer )(?:[\w-]{1,20} ){0,2}?" + _CHANGE,
    r"(?:begann|begonnen|angefangen)(?: hat| hatte)?(?: es| das)?,? (?:als|nachdem|mit) [^\n.;!?,]{3,60}",
    # French
    rf"depuis (?:le |la |l'|notre |cette |cet |ce )(?!{_PLACE})(?:[\w-]{{2,20}} ){{0,1}}?[\w-]{{3,20}}{_ENDS}",
    r"à l'instant",
    r"(?:ne|n') ?(?:[\w']{1,12} ){1,6}?aujourd'hui",
    _since("depuis", _FRENCH),
    (
        r"il y a (?:environ |\d{1,3} |une? |deux |trois |quatre |quelques |plusieurs ){1,2}"
        r"(?:minutes?|heures?|jours?|semaines?|mois)"
    ),
    r"(?:avant-hier|hier)(?: (?:matin|midi|après-midi|soir))?|ce matin|cette nuit|la nuit dernière|la semaine dernière",
    r"(?:après|suite à) (?:la |le |une? |notre )(?:[\w-]{1,20} ){0,2}?" + _CHANGE,
    r"(?:a|avait) commencé (?:quand|lorsque|après|avec) [^\n.;!?,]{3,60}",
    # Spanish
    rf"desde (?:el|nuestr[ao]|est[ae]) (?!{_PLACE})(?:[\w-]{{2,20}} ){{0,1}}?[\w-]{{3,20}}{_ENDS}",
    r"ahora mismo|hace un momento",
    r"empezó (?:cuando|tras|después de|con) [^\n.;!?,]{3,60}",
    r"(?:no|nadie) (?:\w{1,12} ){1,6}?hoy",
    _since("desde", _SPANISH),
    (
        r"hace (?:unos |unas |aproximadamente |casi |\d{1,3} |una? |dos |tres |cuatro |varios |varias |pocos |pocas ){1,2}"
        r"(?:minutos?|horas?|d[ií]as?|semanas?|mes(?:es)?)"
    ),
    r"anteayer|ayer(?: por la (?:mañana|tarde|noche))?|esta mañana|anoche|la semana pasada",
    r"(?:tras|después de) (?:la |el |una? |nuestr[ao] )(?:[\w-]{1,20} ){0,2}?" + _CHANGE,
)
_SINCE = re.compile(rf"(?<!\w)(?:{'|'.join(_PHRASES)})(?!\w)")
"""In lower case."""

_STAMP = re.compile(
    r"(?<![\w.-])(?:(?:19|20)\d\d[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d)?|\d{1,2}[./]\d{1,2}[./](?:20)?\d\d(?:,? | um | at | à | a las )\d{1,2}[:.h]\d\d)"
)


def find_times(material: Material, /) -> Iterator[Place]:
    """Give each in the order of the text."""
    found = (*_SINCE.finditer(material.lower), *_STAMP.finditer(material.text))
    places = [Place.of(material, each.span()) for each in found]
    yield from sorted(places, key=lambda place: place.start)
