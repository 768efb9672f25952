"""What the languages of a desk want of signs and greetings, one way in every mail."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest

from maild import replies
from maild.replies.compose import compose
from maild.replies.guidance import command_lines
from maild.replies.kinds import KINDS
from maild.replies.loader import SHIPPED
from maild.replies.preview import invented_voice
from maild.replies.specimens import specimens

NBSP = "\N{NO-BREAK SPACE}"
FRENCH = {occasion.kind: compose(occasion, invented_voice("fr")) for occasion in specimens(invented_voice("fr"), "fr")}


def own_words(path: Path) -> str:
    """A template without what is not its own: tags, header names, `Re:`."""
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}|^Subject:| Re:", "", path.read_text("utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_french_sets_a_space_that_does_not_break_before_its_double_signs(kind: str) -> None:
    words = own_words(SHIPPED / "fr" / f"{kind}.txt")
    assert re.findall(rf".*(?:(?<!{NBSP})[:;!?»]|«(?!{NBSP})).*", words) == []


def test_no_french_words_in_the_code_let_a_sign_stand_alone_on_the_next_line() -> None:
    said = {
        f"{module.name}.{name}": words
        for module in walk_packages(replies.__path__, "maild.replies.")
        for name, table in vars(import_module(module.name)).items()
        if isinstance(table, Mapping) and (words := list(french_words(table)))
    }
    assert {
        "maild.replies.words.WORDS",
        "maild.replies.tracker.PHRASES",
        "maild.replies.weekly.saying.LANGUAGES",
    } <= set(said)
    assert [each for words in said.values() for each in words if re.search(r"'| [:;!?»%]|« ", each)] == []


def french_words(table: Mapping[Any, Any]) -> Iterator[str]:
    """All that a table says in French, wherever the language stands in it."""
    if "fr" in table:
        yield from all_words(table["fr"])
    else:
        yield from chain.from_iterable(french_words(each) for each in table.values() if isinstance(each, Mapping))


def all_words(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(all_words, value.values()))
    elif isinstance(value, tuple):
        yield from chain.from_iterable(map(all_words, value))
    elif is_dataclass(value):
        yield from chain.from_iterable(all_words(getattr(value, field.name)) for field in fields(value))


def test_labels_that_the_code_sets_keep_it_too() -> None:
    assert f"- Cela fonctionne{NBSP}: Oui" in FRENCH["verification"].text
    assert f"Déjà résolu{NBSP}:" in FRENCH["assignment"].text
    assert re.search(rf"^- Message d.erreur{NBSP}: ", FRENCH["assignment"].text, re.MULTILINE)
    assert f"Est-ce que cela fonctionne chez vous{NBSP}?" in FRENCH["verification"].text


def test_every_spanish_mail_greets_alike() -> None:
    greetings = {
        line
        for kind in KINDS
        for line in (SHIPPED / "es" / f"{kind}.txt").read_text("utf-8").splitlines()
        if line.startswith("Hola")
    }
    assert greetings == {"Hola{% if name %}, {{ name }}{% endif %}:", "Hola:"}


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "en",
            "/assign NAME /category NAME /eta WHEN /client ADDRESS /cc add|remove ADDRESS /same ARTICLE /handoff [TEAM]",
        ),
        (
            "de",
            "/assign NAME /category NAME /eta WANN /client ADRESSE /cc add|remove ADRESSE /same ARTIKEL /handoff [TEAM]",
        ),
        (
            "fr",
            "/assign NOM /category NOM /eta QUAND /client ADRESSE /cc add|remove ADRESSE /same ARTICLE /handoff [ÉQUIPE]",
        ),
        (
            "es",
            "/assign NOMBRE /category NOMBRE /eta CUÁNDO /client DIRECCIÓN /cc add|remove DIRECCIÓN /same ARTÍCULO /handoff [EQUIPO]",
        ),
    ],
)
def test_the_list_of_commands_says_in_the_language_what_is_to_be_filled_in(language: str, shown: str) -> None:
    commands = ", ".join(command_lines(language)).split(", ")
    assert set(re.findall(r"/[^/]+(?= /|$)", shown)) - set(commands) == set()
    assert "/merge T-9" in commands


@pytest.mark.parametrize(("language", "begins"), [("en", "“"), ("de", "„"), ("fr", f"«{NBSP}"), ("es", "«")])
def test_what_an_article_says_stands_between_the_languages_own_marks(language: str, begins: str) -> None:
    voice = invented_voice(language)
    told = next(compose(each, voice) for each in specimens(voice, language) if each.kind == "assignment")
    assert f"{begins}Clear the cache" in told.text.replace("\n  ", " ")


def test_french_sets_its_space_between_the_other_tickets_of_a_client() -> None:
    assert f"(Ben Roth){NBSP}; et" in FRENCH["assignment"].text
