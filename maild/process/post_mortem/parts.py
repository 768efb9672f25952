"""The parts of a post-mortem, and what their headings are called in the languages of a desk."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from maild.classify.folding import spellings

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


class Part(StrEnum):
    """What a case study tells, in this order."""

    PROBLEM = "problem"
    SYMPTOMS = "symptoms"
    ROOT_CAUSE = "root_cause"
    FIX = "fix"
    HOW_FOUND = "how_found"
    PREVENTION = "prevention"
    TIPS = "tips"
    TIME_SPENT = "time_spent"


HEADINGS: Mapping[str, Mapping[Part, str]] = MappingProxyType(
    {
        "en": {
            Part.PROBLEM: "Problem",
            Part.SYMPTOMS: "Symptoms",
            Part.ROOT_CAUSE: "Root cause",
            Part.FIX: "Fix",
            Part.HOW_FOUND: "How it was found",
            Part.PREVENTION: "Prevention",
            Part.TIPS: "Tips and tricks",
            Part.TIME_SPENT: "Time spent",
        },
        "de": {
            Part.PROBLEM: "Problem",
            Part.SYMPTOMS: "Symptome",
            Part.ROOT_CAUSE: "Ursache",
            Part.FIX: "Lösung",
            Part.HOW_FOUND: "Wie gefunden",
            Part.PREVENTION: "Vorbeugung",
            Part.TIPS: "Tipps und Tricks",
            Part.TIME_SPENT: "Aufwand",
        },
        "fr": {
            Part.PROBLEM: "Problème",
            Part.SYMPTOMS: "Symptômes",
            Part.ROOT_CAUSE: "Cause",
            Part.FIX: "Solution",
            Part.HOW_FOUND: "Comment on l" + APOSTROPHE + "a trouvé",
            Part.PREVENTION: "Prévention",
            Part.TIPS: "Conseils et astuces",
            Part.TIME_SPENT: "Temps passé",
        },
        "es": {
            Part.PROBLEM: "Problema",
            Part.SYMPTOMS: "Síntomas",
            Part.ROOT_CAUSE: "Causa",
            Part.FIX: "Solución",
            Part.HOW_FOUND: "Cómo se encontró",
            Part.PREVENTION: "Prevención",
            Part.TIPS: "Consejos y trucos",
            Part.TIME_SPENT: "Tiempo empleado",
        },
    }
)
"""Language to part to heading, as forms and articles show it."""

_ALSO: Mapping[Part, str] = MappingProxyType(
    {
        Part.PROBLEM: "issue, summary, fehler, probleme, incident",
        Part.SYMPTOMS: "symptom, symptome, sintoma",
        Part.ROOT_CAUSE: "cause, reason, rootcause, grund, grundursache, cause racine, cause profonde, causa raiz",
        Part.FIX: "solution, resolution, workaround, losung, behebung, correction, correctif, arreglo",
        Part.HOW_FOUND: "how found, how we found it, found, diagnosis, diagnose, diagnostic, diagnostico, gefunden",
        Part.PREVENTION: "prevent, how to prevent it, vermeidung, pravention",
        Part.TIPS: "tips, tricks, tip, tipps, tipp, conseils, astuces, consejos, trucos, hinweise",
        Part.TIME_SPENT: "time, effort, zeit, zeitaufwand, dauer, temps, duree, tiempo, duracion",
    }
)
"""What people write instead, folded."""

NOTHING = frozenset(
    {
        *("nothing", "nothing to learn", "nothing new", "none", "n/a", "nope", "no"),
        *("nichts", "nichts zu lernen", "nichts neues", "keine", "nein"),
        *("rien", "rien a apprendre", "rien de nouveau", "non", "neant"),
        *("nada", "nada que aprender", "nada nuevo", "ninguno", "ninguna"),
    }
)
"""Answers, folded, by which there is nothing to learn."""

EMPTY = "\N{HORIZONTAL ELLIPSIS}"
"""Stands in a form where nothing is known yet."""


def _names() -> Iterator[tuple[str, Part]]:
    for headings in HEADINGS.values():
        for part, heading in headings.items():
            yield from ((spelling, part) for spelling in spellings(heading))
    for part, words in _ALSO.items():
        yield from ((word, part) for word in words.split(", "))


PART_CALLED: Mapping[str, Part] = MappingProxyType(dict(_names()))
"""Folded heading to part, in every language at once: people answer in the one that they think in."""


def heading(part: Part, language: str) -> str:
    """The heading in that language, or else in English."""
    return HEADINGS.get(language, HEADINGS["en"])[part]
