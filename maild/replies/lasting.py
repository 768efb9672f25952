"""Within which time such tickets were solved, in words of the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.replies.durations import Unit, duration
from maild.replies.typography import french


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """How long such tickets took."""

    low: float
    high: float
    """Hours."""

    sure: float
    """The share of such tickets for which it is right."""

    n: int
    """Tickets that it is from."""


_SAID: Mapping[str, str] = MappingProxyType(
    {
        "en": "{low} to {high} in {sure} of 10 cases ({n} tickets; experience, not a promise)",
        "de": "{low} bis {high}, in {sure} von 10 Fällen ({n} Tickets; Erfahrung, kein Versprechen)",
        "fr": french("de {low} à {high}, dans {sure} cas sur 10 ({n} tickets ; une expérience, pas une promesse)"),
        "es": "de {low} a {high}, en {sure} de cada 10 casos ({n} tickets; experiencia, no promesa)",
    }
)
_A_DAY, _LONG = 24, 48


def in_words(known: Lasted | None, language: str) -> str:
    """Empty where there is none."""
    if known is None:
        return ""
    low, high = _time(known.low, language), _time(known.high, language)
    return _SAID.get(language, _SAID["en"]).format(low=low, high=high, sure=round(known.sure * 10), n=known.n)


def _time(hours: float, language: str) -> str:
    """In the unit in which people would say it."""
    if hours < 1:
        return duration(max(1, round(hours * 60)), Unit.MINUTE, language)
    if hours < _LONG:
        return duration(round(hours), Unit.HOUR, language)
    return duration(round(hours / _A_DAY), Unit.DAY, language)
