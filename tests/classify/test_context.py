"""What a reply means once it is known what was asked: bare answers, and what has come back. All texts are made for tests."""

from pathlib import Path

import pytest

from maild import shipped
from maild.classify.intent.coming_back import comes_back
from maild.classify.intent.intents import Intents, read_intents
from maild.classify.intent.reply_intent import read_in_context
from tests.support.making import a_mail


@pytest.fixture(scope="module")
def intents() -> Intents:
    return read_intents(Path(shipped.folder("models")) / "reply_intent.json")


def read(text: str, intents: Intents, *, whole: str = "") -> dict[str, str | None]:
    mail = a_mail(new_text=text, text=whole or text, subject="Re: VPN")
    return {verdict.question: verdict.label for verdict in read_in_context(mail, intents)}


@pytest.mark.parametrize("text", ["Yes.", "Ja", "Oui !", "Sí.", "Yes, thanks", "Ja danke", "Oui merci", "Sí gracias"])
def test_a_bare_yes_is_one_only_if_we_asked(text: str, intents: Intents) -> None:
    read_so = read(text, intents)
    assert read_so["reply_intent"] in {None, "thanks"}
    assert read_so["reply_intent_if_asked"] == "resolved"


@pytest.mark.parametrize("text", ["No.", "Nein", "Non.", "No"])
def test_a_bare_no_likewise(text: str, intents: Intents) -> None:
    assert read(text, intents)["reply_intent_if_asked"] == "not_resolved"


@pytest.mark.parametrize("text", ["Hm, hard to say.", "Thanks!", "It works.", "Which one?", "No problem at all", ""])
def test_where_the_question_changes_nothing_there_is_one_reading(text: str, intents: Intents) -> None:
    assert list(read(text, intents)) == ["reply_intent"]


def test_a_yes_in_the_quote_is_nobodys_answer(intents: Intents) -> None:
    said = read("See below.", intents, whole="See below.\n\n> Yes, it works!\n> Does it work for you?\n")
    assert "resolved" not in said.values()


@pytest.mark.parametrize(
    "text",
    [
        *("It is back.", "It's back again!", "The problem is back", "It happened again this morning"),
        *("Es ist wieder da.", "Das Problem tritt wieder auf", "Der Fehler kommt wieder"),
        *("C'est revenu.", "Le problème est de retour", "Ça recommence"),
        *("El problema ha vuelto", "Ha vuelto a fallar", "Vuelve a pasar"),
        *(
            "No, it happened again",
            "Not fixed. It is back on and off",
            "Sí ha vuelto a pasar",
            "No sé, pero ha vuelto a fallar",
        ),
        *(
            "If you ask me, it is back",
            "It has not happened again until today: it is back",
            "Unless I err, the error is back",
        ),
    ],
)
def test_what_has_come_back_is_found(text: str) -> None:
    assert comes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        *("It is back to normal", "It works again", "It is working again", "We are back on Monday"),
        *("Es geht wieder", "Es ist wieder gut, danke", "Ich bin wieder da"),
        *("Ça marche de nouveau", "Je reviens lundi"),
        *("Ha vuelto a funcionar", "Vuelve a funcionar, gracias"),
        *("It's back on, thanks", "It is back working"),
    ],
)
def test_what_works_again_has_not_come_back(text: str) -> None:
    assert comes_back(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("It hasn't happened again.", "It has not yet happened again", "This never happened again"),
        *("No ha vuelto a fallar.", "El error no ha vuelto", "Ya no me ha vuelto a pasar", "Nunca ha vuelto a ocurrir"),
        *(
            "I will write if it happens again",
            "If this problem ever comes back, I'll call",
            "We wait whether it is back",
        ),
        *("Ich schreibe, wenn es wieder auftritt oder falls es wieder kommt", "Si ça revient, je vous écris"),
        *("Les aviso si vuelve a pasar", "Cuando vuelve a fallar les aviso"),
    ],
)
def test_what_has_not_come_back_or_only_might_has_not(text: str) -> None:
    assert comes_back(text) is None
