"""Within which time such tickets were solved, in words of the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.replies.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """How long such tickets took."""

    low: float
    high: float
    """Hours."""

    sure: float
    """The share of such tickets for which it is right."""

    n: int
    """Tickets that it is from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's; each unit as it is written for one and for more."""

    minutes: tuple[str, str]
    hours: tuple[str, str]
    days: tuple[str, str]
    all: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            minutes=("{} minute", "{} minutes"),
            hours=("{} hour", "{} hours"),
            days=("{} day", "{} days"),
            all="{low} to {high}, in {sure} of 10 cases ({n} tickets; experience, not a promise)",
        ),
        "de": _Words(
            minutes=("{} Minute", "{} Minuten"),
            hours=("{} Stunde", "{} Stunden"),
            days=("{} Tag", "{} Tage"),
            all="{low} bis {high}, in {sure} von 10 Fällen ({n} Tickets; Erfahrung, kein Versprechen)",
        ),
        "fr": french(
            _Words(
                minutes=("{} minute", "{} minutes"),
                hours=("{} heure", "{} heures"),
                days=("{} jour", "{} jours"),
                all="de {low} à {high}, dans {sure} cas sur 10 ({n} tickets ; une expérience, pas une promesse)",
            )
        ),
        "es": _Words(
            minutes=("{} minuto", "{} minutos"),
            hours=("{} hora", "{} horas"),
            days=("{} día", "{} días"),
            all="de {low} a {high}, en {sure} de cada 10 casos ({n} tickets; experiencia, no promesa)",
        ),
    }
)
_A_DAY, _LONG = 24, 48


def in_words(known: Experience | None, language: str) -> str:
    """Empty where there is none."""
    if known is None:
        return ""
    words = _WORDS.get(language, _WORDS["en"])
    low, high = _time(known.low, words), _time(known.high, words)
    return words.all.format(low=low, high=high, sure=round(known.sure * 10), n=known.n)


def _time(hours: float, words: _Words) -> str:
    """In the unit in which people would say it."""
    if hours < 1:
        return _unit(max(1, round(hours * 60)), words.minutes)
    return _unit(round(hours), words.hours) if hours < _LONG else _unit(round(hours / _A_DAY), words.days)


def _unit(count: int, forms: tuple[str, str]) -> str:
    return forms[count != 1].format(count)
