"""The sheet: what is kept of what was found, and what is missing."""

from maild.process.gathering.kinds import KINDS
from maild.process.gathering.sheet import LONGEST_VALUE, MOST, MOST_OF_A_MAIL, Found, Sheet, gather, merge
from maild.replies.questions import QUESTIONS, question_lines
from maild.replies.sheet import KIND_NAMES, missing_lines, sheet_lines
from maild.shipped import folder
from tests.support.making import a_mail
from tests.support.replies_making import LANGUAGES


def found(kind: str, value: str, mail: int = 1) -> Found:
    return Found(kind=kind, value=value, words=value, mail=mail)


def values(sheet: Sheet, kind: str) -> list[str]:
    return [each.value for each in sheet.found if each.kind == kind]


def test_a_thing_that_was_found_names_its_mail_and_the_words_around_it() -> None:
    mail = a_mail(
        subject="Export stops", new_text="Good morning,\nsince the update to version 7.4 the export stops.\nBye"
    )
    (version,) = (each for each in gather(mail, mail_id=12) if each.kind == "version")
    assert (version.value, version.mail) == ("7.4", 12)
    assert version.words == "since the update to version 7.4 the export stops."


def test_the_words_around_it_are_whole() -> None:
    before, after = (
        "Our connection certainly drops whenever somebody telephones, ",
        ", independently of the weather outside",
    )
    mail = a_mail(subject="", new_text=f"{before}error 809{after}")
    (code,) = (each for each in gather(mail, mail_id=1) if each.kind == "error code")
    assert code.words not in before + after
    assert set(code.words.split()) < set(mail.new_text.split())


def test_subject_and_new_text_are_read_and_quotes_are_not() -> None:
    mail = a_mail(
        subject="Error 809", new_text="It is Windows 11.", text="It is Windows 11.\n> on version 3.2.1 we saw"
    )
    kinds = {each.kind for each in gather(mail, mail_id=1)}
    assert {"error code", "operating system"} <= kinds
    assert "version" not in kinds


def test_what_is_required_and_not_there_is_missing() -> None:
    sheet = merge(Sheet(), [found("version", "7.4")], required=("version", "device"))
    assert sheet.missing == ("device",)


def test_what_tells_the_same_is_not_missing() -> None:
    sheet = merge(Sheet(), [found("screenshot", "screen.png")], required=("error message", "log"))
    assert sheet.missing == ("log",)


def test_a_follow_up_fills_gaps_and_what_was_known_keeps_its_source() -> None:
    first = merge(Sheet(), [found("version", "7.4")], required=("version", "device"))
    second = merge(first, [found("device", "ThinkPad T14", 2), found("version", "7.4", 2)], required=first.required)
    assert second.missing == ()
    assert [(each.kind, each.mail) for each in second.found] == [("version", 1), ("device", 2)]


def test_a_sheet_stays_small_whatever_is_sent() -> None:
    mail = a_mail(new_text=" ".join(f"https://acme.example/{number}/{'x' * 400}" for number in range(40)))
    once = gather(mail, mail_id=1)
    assert sum(each.kind == "url" for each in once) == MOST_OF_A_MAIL
    assert max(len(each.value) for each in once) == LONGEST_VALUE
    sheet = Sheet()
    for number in range(20):
        sheet = merge(sheet, [found("version", f"1.{number}")], required=())
    assert values(sheet, "version") == [f"1.{number}" for number in range(20 - MOST, 20)]


def test_a_value_is_kept_once_however_it_is_spelt() -> None:
    mail = a_mail(subject="", new_text="Excel hangs. EXCEL! excel?")
    assert values(merge(Sheet(), gather(mail, mail_id=1), required=()), "application") == ["Excel"]


def test_of_two_names_for_one_thing_the_longer_is_kept() -> None:
    mail = a_mail(subject="Outlook asks for my password", new_text="It is Outlook 2021.")
    assert values(merge(Sheet(), gather(mail, mail_id=1), required=()), "application") == ["Outlook 2021"]


def test_a_sheet_is_read_as_it_was_written() -> None:
    sheet = merge(Sheet(), [found("version", "7.4")], required=("version", "device"))
    document = sheet.document()
    assert document["missing"] == ["device"]
    assert Sheet.read(document) == sheet


def test_kinds_that_this_version_does_not_know_are_left_out() -> None:
    strange = {"kind": "zodiac sign", "value": "x", "words": "x", "mail": 1}
    assert Sheet.read({"found": [strange], "required": ["zodiac sign"], "missing": []}) == Sheet()


def test_every_kind_has_a_name_and_a_question_in_every_language_and_tells_only_of_kinds() -> None:
    assert set(KIND_NAMES) == set(QUESTIONS) == set(KINDS)
    assert all(set(names) == set(LANGUAGES) for names in (*KIND_NAMES.values(), *QUESTIONS.values()))
    assert all(other in KINDS for kind in KINDS.values() for other in kind.told_by)


def test_a_sheet_reads_in_the_readers_language() -> None:
    sheet = merge(Sheet(), [found("version", "7.4")], required=("version", "device"))
    assert (sheet_lines(sheet, "es"), missing_lines(sheet, "de")) == (["Versión: 7.4"], ["Gerät"])
    assert (sheet_lines(sheet, "it"), missing_lines(None, "en")) == (["Version: 7.4"], [])
    assert question_lines(sheet, "it") == ["Which device is it about? Make and model, if you know them."]


def test_the_reference_of_the_configuration_names_every_kind() -> None:
    document = (folder("config").parent / "docs" / "configuration.md").read_text("utf-8")
    row = next(line for line in document.splitlines() if line.startswith("| `required`"))
    assert all(f" {kind}" in row for kind in KINDS)
