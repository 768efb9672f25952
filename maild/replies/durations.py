"""A duration in words: how many of which unit, in the reader's language."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Unit(StrEnum):
    """In which a duration is told."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    YEAR = "year"


_FORMS: Mapping[str, Mapping[Unit, tuple[str, str]]] = MappingProxyType(
    {
        "en": {
            Unit.MINUTE: ("minute", "minutes"),
            Unit.HOUR: ("hour", "hours"),
            Unit.DAY: ("day", "days"),
            Unit.WEEK: ("week", "weeks"),
            Unit.YEAR: ("year", "years"),
        },
        "de": {
            Unit.MINUTE: ("Minute", "Minuten"),
            Unit.HOUR: ("Stunde", "Stunden"),
            Unit.DAY: ("Tag", "Tage"),
            Unit.WEEK: ("Woche", "Wochen"),
            Unit.YEAR: ("Jahr", "Jahren"),  # told behind "in" alone, which wants the dative
        },
        "fr": {
            Unit.MINUTE: ("minute", "minutes"),
            Unit.HOUR: ("heure", "heures"),
            Unit.DAY: ("jour", "jours"),
            Unit.WEEK: ("semaine", "semaines"),
            Unit.YEAR: ("an", "ans"),
        },
        "es": {
            Unit.MINUTE: ("minuto", "minutos"),
            Unit.HOUR: ("hora", "horas"),
            Unit.DAY: ("día", "días"),
            Unit.WEEK: ("semana", "semanas"),
            Unit.YEAR: ("año", "años"),
        },
    }
)
"""Language to unit to how it is called, one of it and more."""


def duration(count: int, unit: Unit, language: str) -> str:
    """Such as `2 hours`; in a language without words here in English."""
    return f"{count} {_FORMS.get(language, _FORMS['en'])[unit][count != 1]}"
