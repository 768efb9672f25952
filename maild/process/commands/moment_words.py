"""The words in which people name a moment, folded, in the languages that ship."""

from collections.abc import Mapping
from datetime import timedelta

DAYS: Mapping[str, int] = {
    **dict.fromkeys(("today", "heute", "aujourd'hui", "hoy"), 0),
    **dict.fromkeys(("tomorrow", "morgen", "demain", "manana"), 1),
    **dict.fromkeys(("ubermorgen", "apres-demain", "apres demain", "pasado manana", "day after tomorrow"), 2),
}
"""To how many days from today."""


def _numbered(names: tuple[str, ...], *, first: int) -> Mapping[str, int]:
    return {name: number for number, each in enumerate(names, first) for name in each.split()}


WEEKDAYS: Mapping[str, int] = _numbered(
    (
        "mon monday montag mo lundi lunes",
        "tue tues tuesday dienstag di mardi martes",
        "wed wednesday mittwoch mi mercredi miercoles",
        "thu thurs thursday donnerstag do jeudi jueves",
        "fri friday freitag fr vendredi viernes",
        "sat saturday samstag sonnabend sa samedi sabado",
        "sun sunday sonntag so dimanche domingo",
    ),
    first=0,
)
"""Monday is 0."""

MONTHS: Mapping[str, int] = _numbered(
    (
        "january jan januar janner janvier janv enero ene",
        "february feb februar fevrier fevr febrero",
        "march mar marz mars marzo",
        "april apr avril avr abril abr",
        "may mai mayo",
        "june jun juni juin junio",
        "july jul juli juillet juil julio",
        "august aug aout agosto ago",
        "september sep sept septembre septiembre",
        "october oct oktober okt octobre octubre",
        "november nov novembre noviembre",
        "december dec dezember dez decembre diciembre dic",
    ),
    first=1,
)

NUMBERS: Mapping[str, int] = _numbered(
    (
        "a an one ein eine einer einem einen un une una",
        "two zwei deux dos",
        "three drei trois tres",
        "four vier quatre cuatro",
        "five funf cinq cinco",
    ),
    first=1,
)

_MINUTE, _HOUR, _DAY_LONG = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNITS: Mapping[str, timedelta] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stdn", "stunde", "stunden"), _HOUR),
    **dict.fromkeys(("heure", "heures", "hora", "horas"), _HOUR),
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias"), _DAY_LONG),
    **dict.fromkeys(("w", "week", "weeks", "woche", "wochen", "semaine", "semaines"), 7 * _DAY_LONG),
    **dict.fromkeys(("semana", "semanas"), 7 * _DAY_LONG),
}
BUSINESS_DAYS = frozenset(
    {
        *("business day", "business days", "working day", "working days", "arbeitstag", "arbeitstage", "arbeitstagen"),
        *("werktag", "werktage", "werktagen", "jour ouvre", "jours ouvres", "jour ouvrable", "jours ouvrables"),
        *("dia habil", "dias habiles", "dia laborable", "dias laborables"),
    }
)
