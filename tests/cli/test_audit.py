"""`maild audit`: who did what by which mail."""

from datetime import UTC, datetime
from pathlib import Path

from maild.history.forgetting import forget
from maild.history.label_import import import_labels
from maild.process.trust import TrustMethod
from maild.store.backing_up.restorations import add_restoration
from maild.store.engine import Store
from maild.store.models.versions import note
from tests.history.test_forgetting import WISH
from tests.history.test_labels_file import a_file
from tests.support.closings import TEAM, TSM, resolve
from tests.support.desk_told import Captured, maild, told
from tests.support.desks import Desk
from tests.support.making import NOON, some_rules
from tests.support.making import a_desk as a_house

DAY = ("--since", "2026-11-23", "--until", "2026-11-23")


def test_what_people_did_is_told_with_the_mail_by_which_they_did_it(
    store: Store, folder: Path, capsys: Captured
) -> None:
    desk = Desk(store, some_rules(team=TEAM, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    resolve(desk)
    store.transact(lambda c: note(c, "category", None, "rolled_back", actor="Ada", because="it was worse", now=NOON))
    deeds = told(folder, capsys, "audit", *DAY)
    (resolved,) = [deed for deed in deeds if deed["event"] == "resolved"]
    assert (resolved["actor"], resolved["ticket"], resolved["message_id"]) == (TSM, "T-1", "<solved-1@acme.example>")
    assert {deed["actor"] for deed in deeds}.isdisjoint({"maild"})
    assert [deed["about"] for deed in told(folder, capsys, "audit", *DAY, "--by", "ada")] == ["model"]
    assert {deed["actor"] for deed in told(folder, capsys, "audit", *DAY, "--by", TSM.upper())} == {TSM}
    assert told(folder, capsys, "audit", "--since", "2026-11-24", "--until", "2026-11-30") == []
    assert len(told(folder, capsys, "audit", *DAY, "--last", "1")) == 1
    maild(folder, "audit", *DAY)
    assert "T-1" in capsys.readouterr().out


def test_an_import_is_one_line_of_each_day_with_its_number_of_labels(
    store: Store, folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    rows = "".join(f"text {number},network,2\n" for number in range(1500))
    kept = import_labels(
        store, a_house(), a_file(tmp_path, f"text,category,urgency\n{rows}"), by="import of labels.csv"
    )
    assert kept.labels == 3000
    (deed,) = told(folder, capsys, "audit", *DAY)
    assert (deed["event"], deed["actor"], deed["about"]) == ("imported", "import of labels.csv", "label")
    assert deed["because"] == "3,000 labels: category 1,500, urgency 1,500"
    assert told(folder, capsys, "audit", "--since", "2026-11-24", "--until", "2026-11-30") == []
    assert told(folder, capsys, "audit", *DAY, "--by", "Ada") == []


def test_erasures_and_restorations_are_told_and_name_nobody_who_was_forgotten(
    store: Store, folder: Path, capsys: Captured
) -> None:
    desk = Desk(store, some_rules(team=TEAM, trust=TrustMethod(method="authserv_id", value="mx.acme.example")))
    resolve(desk)
    forget(store, WISH, now=NOON)
    store.transact(lambda c: add_restoration(c, backup_at=datetime(2026, 11, 22, tzinfo=UTC), by="Ada", now=NOON))
    deeds = told(folder, capsys, "audit", *DAY)
    assert {"forgotten", "restored"} <= {deed["event"] for deed in deeds}
    assert WISH.address not in str(deeds)
