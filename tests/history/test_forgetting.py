"""Forgetting: what is refused, what is learnt anew, and that a process which dies in the middle has done nothing."""

import csv
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, String, delete, select, update

from maild import shipped
from maild.classify.encoder.kept_file import read_kept
from maild.cli import training
from maild.cli.outcome import Outcome
from maild.cli.training import train_questions
from maild.errors import Refused
from maild.history import forgetting
from maild.history.forgetting import Wish, forget
from maild.history.label_import import import_labels
from maild.history.label_reading import LabelFile
from maild.mail.pool import ParsingPool
from maild.process.trust import TrustMethod
from maild.settings.reading import read_settings
from maild.store.engine import Connection, Store
from maild.store.erasing import elsewhere, rows
from maild.store.outgoing.outbox import claim_due
from maild.store.tables import examples, labels, metadata, models
from maild.store.tables import outbox as outbox_table
from maild.store.tables.columns import Words
from tests.stories.letters import a_letter
from tests.support.closings import CLIENT, TEAM, resolve
from tests.support.desk_history import a_history
from tests.support.desk_told import Captured, complaint, maild, told
from tests.support.desks import Desk
from tests.support.intakes import an_intake
from tests.support.interrupting import interrupted, seen
from tests.support.making import EVA, NOON, a_mail, a_team, some_rules
from tests.support.relays import Relaying, an_answer, text_of, with_files
from tests.support.rows import a_ticket, due

WISH = Wish(address=CLIENT, said_by="Ada", because=None, ours=frozenset({"support@acme.example"}))


@pytest.fixture
def worked(store: Store) -> Desk:
    """A client was helped, and said so; another one waits."""
    vouching = TrustMethod(method="authserv_id", value="mx.acme.example")
    desk = Desk(store, some_rules(team=TEAM, trust=vouching))
    resolve(desk)
    desk.arrive(a_mail(author=a_mail().author, message_id="<two@client.example>", fingerprint="7" * 64))
    return desk


@pytest.mark.parametrize("after", [3, 20, 45])
def test_a_process_that_dies_while_it_forgets_has_changed_nothing(worked: Desk, after: int) -> None:
    before = seen(worked)
    act = lambda connection: forgetting._forget(connection, worked.store, WISH, NOON)  # noqa: E731
    assert interrupted(worked.store, act, after)
    assert seen(worked) == before
    forgotten = forget(worked.store, WISH, now=NOON)
    assert forgotten.erasure.counts["mails"] >= 2
    assert CLIENT not in str(seen(worked))
    assert len(worked.rows("SELECT id FROM erasures")) == 1


@pytest.mark.parametrize(("seconds", "is_kept"), [(9, False), (10, True), (11, True)])
def test_what_arrives_in_the_very_second_of_an_erasure_may_be_new_and_is_kept(
    worked: Desk, seconds: int, is_kept: bool
) -> None:
    forget(worked.store, WISH, now=NOON + timedelta(seconds=10.9))
    back = a_mail(message_id="<back@client.example>", fingerprint="6" * 64, digest="5" * 64)
    worked.arrive_together([back], now=NOON + timedelta(seconds=seconds))  # mail servers count whole seconds
    assert (CLIENT in str(seen(worked)["mails"])) is is_kept


def test_what_was_erased_is_never_submitted(worked: Desk) -> None:
    forget(worked.store, WISH, now=NOON)
    assert {row.state for row in worked.rows("SELECT state FROM outbox")} <= {"dropped", "sent"}
    assert worked.rows("SELECT id FROM deadlines WHERE settled_at IS NULL") == []
    assert [row.status for row in worked.rows("SELECT status FROM tickets")] == ["closed"] * 2


def test_a_mail_that_is_being_submitted_is_left_to_its_worker_and_erased_by_the_next_run(worked: Desk) -> None:
    worked.store.transact(
        lambda connection: claim_due(
            connection, holder="worker", lease=timedelta(minutes=5), limit=1, now=NOON.replace(year=2030)
        )
    )
    first = forget(worked.store, WISH, now=NOON)
    assert first.under_way == 1
    assert [row.state for row in worked.rows("SELECT state FROM outbox WHERE state = 'claimed'")] == ["claimed"]
    worked.all_are("sent")
    again = forget(worked.store, WISH, now=NOON)
    assert again.under_way == 0
    assert CLIENT not in str(seen(worked))


COLLEAGUE = "carl@client.example"
WORDS = "Our third floor smells of burnt rubber since the lift was oiled."


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "due"])
def test_of_who_wrote_in_somebody_elses_ticket_the_house_keeps_neither_words_nor_files(
    store: Store, pool: ParsingPool, is_sent: bool
) -> None:
    rules = some_rules(
        team=a_team(people=(*a_team().people, EVA)), trust=TrustMethod(method="header", value="X-In: yes")
    )
    desk = Relaying(intake=an_intake(store, pool, rules=rules))
    kept, gone = (("plan.txt", "text/plain", b"the plan of Bea"), ("trace.txt", "text/plain", b"the trace of Carl"))
    desk.take_in(with_files(a_letter(Cc=COLLEAGUE, X_In="yes"), [kept]))
    told = an_answer(desk.sent("acknowledgement")[0], From=COLLEAGUE, body=f"{WORDS}\n")
    assert desk.take_in(with_files(told, [gone])) == ["follow_up"]
    assert desk.answer("/escalate\nWhat can it be?", X_In="yes") == ["command"]
    assert decoded(desk, "dossier").count(b"the trace of Carl") == 1
    assert "smells of burnt rubber" in text_of(desk.sent("dossier")[0])
    if is_sent:
        sent = update(outbox_table).values(state="sent", settled_at=NOON)
        store.transact(lambda connection: connection.execute(sent).rowcount)
    forget(store, replace(WISH, address=COLLEAGUE), now=NOON)
    left = decoded(desk, "dossier")
    assert (b"the trace of Carl" in left, b"the plan of Bea" in left) == (False, not is_sent)
    assert (left == b"") == is_sent
    with store.read() as connection:
        texts = "\n".join(connection.scalars(select(outbox_table.c.new_text)))
    assert ("burnt rubber" in texts, "What can it be?" in texts) == (not is_sent, True)


def decoded(desk: Relaying, kind: str) -> bytes:
    """Every part of these mails, and of the mails in them."""
    parts = [part for mail in desk.sent(kind) for part in mail.walk() if not part.is_multipart()]
    return b"\n".join(bytes(part.get_payload(decode=True)) for part in parts)


@pytest.mark.usefixtures("store")
def test_people_of_the_team_and_the_desk_itself_are_not_forgotten_unasked(folder: Path, capsys: Captured) -> None:
    assert "team.toml" in complaint(folder, capsys, "forget", "lead@example.org", "--yes")
    assert "the desk's own" in complaint(folder, capsys, "forget", "Support@example.org", "--yes")
    assert "no address" in complaint(folder, capsys, "forget", "Bea", "--yes", status=2)
    assert told(folder, capsys, "forget", "lead@example.org", "--even-team")["dry_run"]
    assert told(folder, capsys, "forget", "--list") == []


def import_history(folder: Path, tmp_path: Path) -> None:
    """A hundred labelled texts, of which the client has written one."""
    for name in ("network", "access"):
        shutil.copy(shipped.folder("config") / "categories" / f"{name}.toml", folder / "categories")
    path = tmp_path / "past.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        written = csv.writer(stream)
        written.writerow(["id", "subject", "text", "category", "urgency", "written_at", "language"])
        for number, example in enumerate(a_history({"network": 50, "access": 50})):
            words, label = (
                f"{example.text} yours, {CLIENT}" if number == 7 else example.text,
                example.labels["category"],
            )
            assert example.at is not None
            urgency = {"network": "1", "access": "3"}[label]
            written.writerow([example.ticket, "", words, label, urgency, example.at.isoformat(), "en"])
    maild(folder, "labels", "import", str(path))


def test_models_that_learnt_from_them_are_trained_anew_without(
    store: Store, folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    import_history(folder, tmp_path)
    maild(folder, "train", "category", "--promote")
    (served,) = read_models(store)
    capsys.readouterr()
    of_another = folder / "var" / "senses" / "technical.npz"  # their texts may be in it too
    of_another.write_bytes((folder / "var" / "senses" / "category.npz").read_bytes())
    proof = told(folder, capsys, "forget", CLIENT, "--yes")
    assert not of_another.exists()
    assert proof["erased"]["models"] == 1
    assert proof["erased"]["examples"] == 1
    assert proof["troubles"] == []
    ((digest, standing),) = read_models(store)
    assert (digest != served[0], standing) == (True, "in_service")
    assert told(folder, capsys, "forget", "--list")[0]["left"] == []


@pytest.mark.parametrize("question", ["category", "urgency"])
def test_who_is_forgotten_while_a_model_is_trained_is_in_no_model(
    store: Store, folder: Path, tmp_path: Path, question: str
) -> None:
    import_history(folder, tmp_path)
    settings, said = read_settings(folder, os.environ), list[str]()

    def train(tell: Callable[[str], None]) -> Outcome:
        (outcome,) = train_questions(settings, store, [question], again=True, promotes=True, tell=tell)
        return outcome

    def tell(step: str) -> None:
        """The labels have been read by the first step after that; somebody is forgotten on another machine."""
        said.append(step)
        if len(said) == 2:
            assert forget(store, WISH, now=NOON).erasure.counts["examples"] == 1

    overtaken = train(tell)
    assert (overtaken.is_done, overtaken.version) == (False, None)
    assert overtaken.because.startswith("somebody was forgotten while it was trained")
    assert read_models(store) == []
    assert list((folder / "var" / "senses").glob("*")) == []
    assert train(said.append).version is not None
    ((_, _),) = read_models(store)


def test_what_is_to_be_trained_anew_stays_to_be_done_where_another_is_forgotten_meanwhile(
    store: Store, folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_history(folder, tmp_path)
    maild(folder, "train", "category", "--promote")
    capsys.readouterr()
    another, first = replace(WISH, address="zoe@client.example"), list[None]()

    def learn_late(*given: object, **named: object) -> object:
        if not first:
            first.append(None)
            forget(store, another, now=NOON)
        return learn(*given, **named)  # type: ignore[arg-type]

    learn = training.train
    monkeypatch.setattr(training, "train", learn_late)
    maild(folder, "forget", CLIENT, "--yes", status=1)
    assert "somebody else was forgotten meanwhile" in " ".join(capsys.readouterr().out.split())
    assert read_models(store) == []
    assert told(folder, capsys, "forget", CLIENT, "--yes")["troubles"] == []
    assert [standing for _, standing in read_models(store)] == ["in_service"]


def test_texts_whose_labels_went_leave_what_is_kept_of_them_also_where_nothing_is_trained(
    store: Store, folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    import_history(folder, tmp_path)
    maild(folder, "train", "category")
    kept = folder / "var" / "senses" / "category.npz"
    assert len(read_kept(kept).rows) == 100
    # As retention does: what goes leaves the examples, and no erasure of a person is written.
    store.transact(lambda connection: rows_of_old_examples(connection, leave=20))
    capsys.readouterr()
    maild(folder, "train", "category", status=1)
    assert "20 labelled texts" in capsys.readouterr().out
    assert len(read_kept(kept).rows) == 20


def rows_of_old_examples(connection: Connection, *, leave: int) -> None:
    gone = list(connection.scalars(select(examples.c.id).order_by(examples.c.id)))[leave:]
    connection.execute(delete(labels).where(labels.c.example_id.in_(gone)))
    connection.execute(delete(examples).where(examples.c.id.in_(gone)))


def read_models(store: Store) -> list[tuple[str, str]]:
    with store.read() as connection:
        query = select(models.c.digest, models.c.standing).where(models.c.number.is_not(None))
        return [(row.digest, row.standing) for row in connection.execute(query)]


def test_an_erased_mail_of_the_outbox_cannot_be_retried(store: Store, folder: Path, capsys: Captured) -> None:
    number = due(store, ticket_id=a_ticket(store, client=CLIENT), recipient=CLIENT)
    maild(folder, "forget", CLIENT, "--yes")
    capsys.readouterr()
    assert "was erased" in complaint(folder, capsys, "outbox", "retry", str(number))


HARMLESS = frozenset(
    {
        # how things stand, numbers of ours, and the desk's own names for things
        "mails.outcome", "mails.language", "mails.trust", "tickets.status", "tickets.category", "tickets.language",
        "tickets.assignee", "tickets.team", "links.kind", "events.event", "outbox.kind", "outbox.audience",
        "outbox.envelope_from", "outbox.message_id", "outbox.state", "deadlines.kind", "articles.name",
        "articles.category", "articles.language", "article_links.name", "article_links.other", "article_links.kind",
        "article_tickets.name", "suggestions.name", "suggestions.audience", "suggestions.outcome", "incidents.standing",
        "labels.question", "labels.value", "labels.source", "labels.verdict", "incidents.declared_by", "incidents.settled_by",
        # leases name processes
        "mails.lease_holder", "outbox.lease_holder", "deadlines.lease_holder", "mailboxes.lease_holder",
        # of the desk's own mailboxes
        "mailboxes.account", "mailboxes.name", "mailboxes.trouble",
        # of models that were not deleted, and so have read nothing of theirs
        "models.digest", "models.question", "models.card", "models.content", "models.standing", "models.base",
        "models.data_digest", "models.because", "model_events.question", "model_events.digest", "model_events.event",
        "raised_thresholds.digest", "raised_thresholds.question", "raised_thresholds.label",
        # what the mirror calls things by: names of states, labels and people of the desk, ids, and no words
        "mirror_issues.issue", "mirror_issues.key", "mirror_issues.url", "mirror_issues.told", "mirror_issues.seen",
        "mirror_issues.lease_holder", "mirror_outbox.kind", "mirror_outbox.foreign_id", "mirror_outbox.state",
        "mirror_deliveries.digest", "mirror_deliveries.delivery", "mirror_places.name", "mirror_places.place",
        # keys and marks
        "secrets.key", "erasure_keys.key", "tombstones.mark", "erasures.mark", "erasures.said_by", "erasures.because",
        "restorations.restored_by", "restorations.resumed_by", "erasures.counts", "erasures.before", "erasures.after", "erasures.left",
    }
)  # fmt: skip
BY_HAND = frozenset(
    {
        "sources", "search_texts", "examples", "people", "tallies", "tickets.client", "events.actor", "outbox.recipient",
        "incidents.terms", "incidents.facts", "deadlines.because", "outbox.answer", "labels.said_by",
    }
)  # fmt: skip


def test_every_column_that_can_hold_words_has_its_rule() -> None:
    """Whoever adds a column says here what becomes of it when a person is forgotten: docs/operation.md tells admins the same."""
    ruled = {f"{column.table.name}.{column.name}" for column in elsewhere.NAMING} | HARMLESS | BY_HAND
    ruled |= {f"{table.name}.{name}" for table, (_, _, values) in rows.BLANKED.items() for name in values}
    ruled |= {table.name for table in rows.DELETED}
    forgotten = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (String, Words, LargeBinary)) or "JSON" in type(column.type).__name__
        if not {table.name, f"{table.name}.{column.name}"} & ruled
    ]
    assert forgotten == []


def test_who_is_forgotten_while_a_label_file_is_read_is_not_brought_back(postgresql_url: str, tmp_path: Path) -> None:
    """On SQLite nobody can be forgotten meanwhile."""
    path = tmp_path / "labels.csv"
    path.write_text(f"text,category\nThe printer of {CLIENT} is jammed and blinks,network\n")
    file = LabelFile(path=path, questions={"category": ("network",)}, now=NOON)
    store, elsewhere_running, told_at = Store(postgresql_url), Store(postgresql_url), list[int]()

    def tell(_what: str, rows: int) -> None:
        told_at.append(rows)
        if len(told_at) == 1:
            forget(elsewhere_running, WISH, now=NOON)

    with pytest.raises(Refused, match="Somebody was forgotten while the file was read"):
        import_labels(store, some_rules().desk, file, by="ada", tell=tell)
    with store.read() as connection:
        assert connection.execute(select(examples.c.id)).all() == []
    import_labels(store, some_rules().desk, file, by="ada", tell=tell)
    store.close()
    elsewhere_running.close()
