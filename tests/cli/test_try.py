"""The command try: what it says is what would happen."""

from pathlib import Path

import pytest

from tests.support.desk_folder import add
from tests.support.desk_told import Captured, told

LEVEL = '\n[[service_level]]\ndomains = ["promised.example"]\nfirst_response = "1h"\nurgency_points = 4\n'


@pytest.mark.parametrize(("client", "urgency"), [("bea@promised.example", "1"), ("max@ordinary.example", "2")])
def test_a_trial_counts_a_service_level_as_the_desk_would(
    folder: Path, tmp_path: Path, capsys: Captured, client: str, urgency: str
) -> None:
    add(folder, "priorities.toml", LEVEL)
    mail = tmp_path / "mail.eml"
    mail.write_text(
        f"From: {client}\nSubject: VPN\n\nOur VPN client cannot connect to the server, it shows error 809.\n"
    )
    verdicts = told(folder, capsys, "try", str(mail))["verdicts"]
    assert [each["label"] for each in verdicts if each["question"] == "urgency"] == [urgency]
