"""The command try: what it says is what would happen."""

import io
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from maild.mail.message import Address
from maild.store.engine import Store
from tests.support.desk_folder import add
from tests.support.desk_told import Captured, told
from tests.support.desks import Desk
from tests.support.making import a_mail, some_rules

LEVEL = '\n[[service_level]]\ndomains = ["promised.example"]\nfirst_response = "1h"\nurgency_points = 4\n'
WORDS = "Our VPN client cannot connect to the server, it shows error 809."


def others_write(store: Store, *names: str) -> None:
    """Clients write the same, just now."""
    desk = Desk(store, some_rules())
    for name in names:
        author, digest = Address(address=f"{name}@{name}.example"), name.encode().hex().rjust(64, "0")
        ids = {"message_id": f"<{name}@client.example>", "fingerprint": digest, "digest": digest}
        mail = a_mail(author=author, subject="VPN", new_text=WORDS, text=WORDS, **ids)
        desk.arrive(mail, now=datetime.now(UTC))


@pytest.mark.parametrize(
    ("client", "others", "urgency"), [("bea@promised.example", ("ann", "carl"), "1"), ("max@ordinary.example", (), "2")]
)
def test_a_trial_counts_a_service_level_and_what_others_write_as_the_desk_would(
    folder: Path, store: Store, tmp_path: Path, capsys: Captured, *, client: str, others: tuple[str, ...], urgency: str
) -> None:
    add(folder, "priorities.toml", LEVEL)
    others_write(store, *others)
    mail = tmp_path / "mail.eml"
    mail.write_text(f"From: {client}\nSubject: VPN\n\n{WORDS}\n")
    verdicts = {each["question"]: each for each in told(folder, capsys, "try", str(mail))["verdicts"]}
    assert verdicts["urgency"]["label"] == urgency
    assert ("2 other clients within an hour" in verdicts["impact"]["because"]) == bool(others)


def test_a_mail_may_come_from_standard_input_octet_by_octet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Subject: \xff\r\n\r\n\0")))
    assert import_module("maild.cli.try").read_source(Path("-")) == b"Subject: \xff\r\n\r\n\0"
