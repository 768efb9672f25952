"""The process map is the program's own."""

import re

import pytest

from maild.cli.frame import main
from maild.cli.process import document
from maild.process.map import HOME, STEPS, process_map, said, sub_maps
from maild.process.ticket import Status
from maild.process.transitions import REMARKS, TRANSITIONS, Activity
from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "process"


def test_the_document_is_what_the_program_prints() -> None:
    written = (FOLDER / "README.md").read_text("utf-8")
    assert written == "\n".join(document()) + "\n", "run: python -m maild process > docs/process/README.md"


def test_every_status_and_every_activity_stands_on_the_map() -> None:
    assert set(HOME) == {None, *Status}
    assert set(STEPS) == set(Activity) == set(HOME.values())


@pytest.mark.parametrize(
    "arrow",
    [
        "[*] --> SUBMIT: a client finds an issue",
        "SUBMIT --> NONTECHNICAL: not technical",
        "SUBMIT --> INTAKE: technical",
        "INTAKE --> TRIAGE",
        "TRIAGE --> RESOLVE: troubleshoot",
        "RESOLVE --> COMMUNICATE: fix in progress",
        "RESOLVE --> ESCALATE: blocked",
        "RESOLVE --> CLOSE: resolved",
        "ESCALATE --> CLOSE: resolved",
        "CLOSE --> DOCUMENTATION",
        "DOCUMENTATION --> [*]: the issue is behind the client",
    ],
)
def test_the_arrows_of_the_process_come_from_the_table(arrow: str) -> None:
    assert f"    {arrow}" in process_map()


def test_each_sub_map_shows_every_event_of_its_activity() -> None:
    for activity, diagram in sub_maps():
        begins, *arrows = diagram.split("\n")
        shown = {words for arrow in arrows for words in arrow.partition(": ")[2].split(", ")}
        moves = {
            said(event)
            for (before, event), transition in TRANSITIONS.items()
            if transition.activity is activity and before is not transition.status
        }
        remarks = {said(event) for event, belongs in REMARKS.items() if belongs is activity}
        assert begins == "stateDiagram-v2"
        assert moves | remarks
        assert moves | remarks <= shown


def test_every_link_leads_to_a_page() -> None:
    for file in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", file.read_text("utf-8")):
            assert (FOLDER / target).is_file(), f"{file.name}: {target}"


def test_every_page_is_linked() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)\)", (FOLDER / "README.md").read_text("utf-8")))
    assert {file.name for file in FOLDER.glob("*.md")} == {*linked, "README.md"}


def test_a_page_is_printed_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "for-tsms"]) == 0
    assert capsys.readouterr().out.startswith("# Working on tickets by mail")
    assert main(["process", "nonsense"]) == 1
    assert "there are analyse" in capsys.readouterr().err
