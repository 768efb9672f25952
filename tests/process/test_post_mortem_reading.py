"""What TSMs write to a post-mortem form, in the shapes that mail clients make of it, is sorted by its headings."""

import pytest

from maild.process.post_mortem.parts import HEADINGS, Part
from maild.process.post_mortem.reading import Answered, read_answer

FORM = """Hello Lena,

T-17 is closed: what should the next person know? It stays in the house.

Problem:

Nobody can log in

Symptoms:

Error 0x80070005: access denied, since this morning, on all machines of the office in Berlin

Root cause:

…

Fix:

Please clear the cache, it works then.

How it was found:

…

Tips and tricks:

…

-- 
Acme Support, ticket T-17
"""  # noqa: W291 - the signature separator ends with a space
CAUSE, FIX, TIPS = "The certificate had expired.", "Renewed it:\n\n    certbot renew", "Watch the calendar."
TOLD = {Part.ROOT_CAUSE: CAUSE, Part.FIX: FIX, Part.TIPS: TIPS}


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def between(form: str, mark: str) -> str:
    """The form with the answers below the headings, as somebody writes them between quoted lines."""
    text = "\n".join(f"{mark}{line}".rstrip() for line in form.splitlines())
    for heading, said in (("Root cause:", CAUSE), ("Fix:", FIX), ("Tips and tricks:", TIPS)):
        text = text.replace(f"{mark}{heading}", f"{mark}{heading}\n{said}\n")
    return text


GMAIL = f"On Mon, Nov 23, 2026 at 1:00 PM Acme Support <support@acme.example>\nwrote:\n\n{quoted(FORM)}"
OUTLOOK = "From: Acme Support <support@acme.example>\nSent: Monday, November 23, 2026 1:00 PM\nTo: Lena\nSubject: x\n\n"
SHAPES = {
    "terminal, between quoted lines": "* Acme <support@acme.example> [2026-11-23 13:00]:\n" + between(FORM, "> "),
    "gmail, between quoted lines": "On Mon, Nov 23, 2026 at 1:00 PM Acme wrote:\n\n" + between(FORM, "> "),
    "outlook, inside what it quotes without marks": OUTLOOK + between(FORM, ""),
    "colons on top": f"Root cause: {CAUSE}\nFix: {FIX}\nTips and tricks: {TIPS}\n\n{GMAIL}",
    "bullets on top": f"- Root cause: {CAUSE}\n* **Fix**: {FIX}\n• Tips: {TIPS}\n\n{GMAIL}",
    "numbers and no colons": f"1. Root cause\n{CAUSE}\n2. Fix\n{FIX}\n3. Tips & tricks:\n{TIPS}\n\n{GMAIL}".replace(
        "&", "and"
    ),
    "markdown": f"## Root cause\n\n{CAUSE}\n\n## Fix\n\n{FIX}\n\n## Tips and tricks\n\n{TIPS}\n\n-- \nLena\n+49 30 1\n\n{OUTLOOK}{FORM}",
    "free words first": f"{CAUSE}\n\nFix: {FIX}\n\nTips: {TIPS}\n\n{GMAIL}",
    "with a greeting": f"Hi,\n\nCause: {CAUSE}\nFix: {FIX}\nTips: {TIPS}\n\n{GMAIL}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_answer_is_read_in_every_shape(shape: str) -> None:
    assert dict(read_answer(SHAPES[shape], FORM).parts) == TOLD


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_are_known_in_every_language_whatever_the_form_spoke(language: str) -> None:
    said = "\n".join(f"{heading.upper()}: said about {part}" for part, heading in HEADINGS[language].items())
    assert dict(read_answer(said, FORM).parts) == {part: f"said about {part}" for part in Part}


def test_words_without_a_heading_are_the_root_cause() -> None:
    assert read_answer(f"The disk was full.\n\n{GMAIL}", FORM) == Answered(
        parts={Part.ROOT_CAUSE: "The disk was full."}
    )


def test_a_form_that_comes_back_untouched_says_nothing_of_its_own() -> None:
    for text in (
        GMAIL,
        OUTLOOK + FORM,
        quoted(FORM),
        "",
        OUTLOOK + FORM.replace(" on all machines", "\non all machines"),
    ):
        assert read_answer(text, FORM) == Answered(parts={})


@pytest.mark.parametrize(
    "word", ["nothing", "Nothing to learn.", "NICHTS", "rien !", "nada\n\nSaludos, Ana", "*nichts*"]
)
def test_one_word_says_that_there_is_nothing_to_learn(word: str) -> None:
    assert read_answer(f"{word}\n\n{GMAIL}", FORM).is_nothing


def test_nothing_below_a_heading_is_no_such_word() -> None:
    assert not read_answer("Prevention: nothing", FORM).is_nothing


def test_an_answer_of_a_megabyte_is_read_as_far_as_anybody_reads() -> None:
    huge = "Root cause: it broke\n" + "Fix: " + "very long words " * 70_000
    said = read_answer(huge, FORM).parts
    assert said[Part.ROOT_CAUSE] == "it broke"
    assert len(said[Part.FIX]) == 7_999 or len(said[Part.FIX]) == 8_000


def test_a_line_that_looks_like_a_header_field_stays_in_its_part() -> None:
    said = read_answer("Fix: look at the log\nFrom: 10.0.0.1 refused\nthen restart", FORM).parts
    assert said[Part.FIX] == "look at the log\nFrom: 10.0.0.1 refused\nthen restart"
