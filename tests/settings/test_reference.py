from maild.settings.reference import FILES, write_reference
from tests.support.places import ROOT

DOCUMENT = ROOT / "docs" / "configuration.md"


def test_the_configuration_reference_is_up_to_date() -> None:
    assert DOCUMENT.read_text("utf-8") == write_reference(), (
        "python -m maild.settings.reference > docs/configuration.md"
    )


def test_every_key_says_what_it_means() -> None:
    rows = [line for line in write_reference().splitlines() if line.startswith("| `")]
    assert len(rows) > 80
    assert all(row.split(" | ")[2].strip(" |") for row in rows)
    assert len(FILES) == 5
