"""The few words of each language that no template can hold: days, months, languages, a mail without subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.replies.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's; independent of the machine's locale."""

    days: tuple[str, ...]
    """Monday first."""

    months: tuple[str, ...]
    moment: str
    """How a point in time is written: {weekday} {day} {month} {year} {hour} {minute}."""

    year: str
    """How {year} is written where it must be named."""

    first_day: str
    """How {day} is written for the first of a month."""

    untitled: str
    """The subject of a mail that has none."""

    stayed: str
    """Said of a file that is too large to go along with the mail."""

    infected: str
    """Said of a file in which the virus scanner found {}."""

    unscanned: str
    """Said of a file at which the virus scanner could not look."""

    whole: str
    """Said of the text of a mail that is too long to be read."""

    placeholders: Mapping[str, str]
    """What stands in the list of commands for what is to be filled in, by its English."""

    colon: str = ":"
    """What stands behind a label."""

    decimal_point: str = ","
    """What stands between a number's whole and its parts."""

    languages: Mapping[str, str]
    """ISO 639-1 code to the language's name."""


WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "en": Words(
            days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
            months=(
                *("January", "February", "March", "April", "May", "June"),
                *("July", "August", "September", "October", "November", "December"),
            ),
            moment="{weekday} {day} {month}{year}, {hour:02}:{minute:02}",
            year=" {}",
            first_day="1",
            untitled="Your message",
            stayed="too large to attach; it is kept with the ticket",
            infected="not passed on: the virus scanner found {}",
            unscanned="not passed on: the virus scanner could not check it; it is kept with the ticket",
            whole="the full text of the message; only its beginning was read",
            decimal_point=".",
            placeholders={},
            languages={"en": "English", "de": "German", "fr": "French", "es": "Spanish"},
        ),
        "de": Words(
            days=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
            months=(
                *("Januar", "Februar", "März", "April", "Mai", "Juni"),
                *("Juli", "August", "September", "Oktober", "November", "Dezember"),
            ),
            moment="{weekday}, {day}. {month}{year}, {hour:02}:{minute:02} Uhr",
            year=" {}",
            first_day="1",
            untitled="Ihre Nachricht",
            stayed="zu groß zum Anhängen; liegt beim Ticket",
            infected="nicht weitergegeben: Der Virenscanner hat {} gefunden",
            unscanned="nicht weitergegeben: Der Virenscanner konnte die Datei nicht prüfen; sie liegt beim Ticket",
            whole="der ganze Text der Nachricht, von dem nur der Anfang gelesen wurde",
            placeholders={"ADDRESS": "ADRESSE", "ARTICLE": "ARTIKEL", "WHEN": "WANN"},
            languages={"en": "Englisch", "de": "Deutsch", "fr": "Französisch", "es": "Spanisch"},
        ),
        "fr": french(
            Words(
                days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
                months=(
                    *("janvier", "février", "mars", "avril", "mai", "juin"),
                    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
                ),
                moment="{weekday} {day} {month}{year} à {hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{minute:02}",
                year=" {}",
                first_day="1er",
                untitled="Votre message",
                stayed="trop volumineux pour être joint ; conservé avec le ticket",
                infected="non transmis : l'antivirus a trouvé {}",
                unscanned="non transmis : l'antivirus n'a pas pu l'examiner ; conservé avec le ticket",
                whole="le texte entier du message, dont seul le début a été lu",
                colon=" :",
                placeholders={"ADDRESS": "ADRESSE", "NAME": "NOM", "TEAM": "ÉQUIPE", "WHEN": "QUAND"},
                languages={"en": "anglais", "de": "allemand", "fr": "français", "es": "espagnol"},
            )
        ),
        "es": Words(
            days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
            months=(
                *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
                *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
            ),
            moment="{weekday} {day} de {month}{year} a las {hour:02}:{minute:02}",
            year=" de {}",
            first_day="1",
            untitled="Su mensaje",
            stayed="demasiado grande para adjuntarlo; se guarda con el ticket",
            infected="no se ha reenviado: el antivirus ha encontrado {}",
            unscanned="no se ha reenviado: el antivirus no ha podido examinarlo; se guarda con el ticket",
            whole="el texto entero del mensaje, del que solo se ha leído el principio",
            placeholders={
                "ADDRESS": "DIRECCIÓN",
                "ARTICLE": "ARTÍCULO",
                "NAME": "NOMBRE",
                "TEAM": "EQUIPO",
                "WHEN": "CUÁNDO",
            },
            languages={"en": "inglés", "de": "alemán", "fr": "francés", "es": "español"},
        ),
    },
)
"""ISO 639-1 code to its words; a language that is missing here gets ISO 8601 times and its code."""


def colon(language: str) -> str:
    """What stands behind a label in the language; French sets a space before it."""
    return WORDS.get(language, WORDS["en"]).colon


def decimal_point(language: str) -> str:
    """What stands in the language between a number's whole and its parts."""
    return WORDS.get(language, WORDS["en"]).decimal_point
