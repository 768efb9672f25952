"""What the languages of a desk want of signs and greetings, one way in every mail."""

import re
from pathlib import Path

import pytest

from maild import replies
from maild.replies.compose import compose
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
    code = {path.name: path.read_text("utf-8") for path in Path(replies.__file__).parent.glob("*.py")}
    assert {
        name: found
        for name, text in code.items()
        if (found := re.findall(r'(?m)^[^\[\n]*[a-zà-ÿ] [:;!?](?:["\s]).*', text))
    } == {}


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
