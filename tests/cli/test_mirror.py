"""`maild mirror`, and what `maild check` says of it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from maild.cli.checking.finding import Finding, Trial
from maild.cli.checking.linear import check_linear
from maild.cli.frame import main
from maild.process.mirroring.policy import Due, MirrorPolicy, Personal, Scope
from maild.store.desk.tickets import find_tickets
from maild.store.engine import Store
from tests.servers.linear import KEY, SECRET, LinearServer
from tests.servers.linear_world import ANA, invalid
from tests.support.desk_folder import a_folder, add, problems, read
from tests.support.making import NOON, a_mail
from tests.support.mirrors import Mirrored

Captured = pytest.CaptureFixture[str]
PEOPLE = '\n[[person]]\nname = "Ana Ruiz"\naddresses = ["ana@acme.example"]\nrole = "tsm"\n'


@pytest.fixture
def folder(tmp_path: Path, linear: LinearServer) -> Path:
    made = a_folder(tmp_path / "config")
    add(made, "maild.toml", f'\n[linear]\nteam = "ENG"\nurl = "{linear.url}"\n')
    add(made, "team.toml", PEOPLE)
    (made / "secrets").mkdir()
    for name, secret in (("linear-key", KEY), ("linear-webhook", SECRET)):
        (made / "secrets" / name).write_text(secret)
        (made / "secrets" / name).chmod(0o600)
    return made


def findings(folder: Path) -> list[Finding]:
    return list(check_linear(Trial(settings=read(folder), environ={})))


def test_check_says_what_linear_has_and_what_it_lacks(folder: Path) -> None:
    add(folder, "maild.toml", 'webhook_port = 8090\nlabel = "maild"\n')
    found = {finding.part: finding for finding in findings(folder)}
    assert all(finding.ok for finding in found.values())
    assert found["linear"].message == "team Engineering (ENG) answers; Linear knows us as maild"
    assert "new is Triage" in found["linear states"].message
    assert "closed is Done, canceled is Canceled" in found["linear states"].message
    assert "Linear knows nobody with an address of" not in str(found.get("linear labels"))
    assert "neither clients' words nor who they are" in found["linear personal data"].message
    assert "127.0.0.1:8090/linear" in found["linear webhook"].message


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('states = { closed = "Finished" }\n', "the team has no such state; it has Backlog, Canceled, Done"),
        ('labels = { network = "Lines" }\n', "labels.network = 'Lines': there is no such label"),
        ('label = "desk"\n', "label = 'desk': there is no such label"),
        ('key_env = "NOTHING"\n', "linear.key_env: the environment variable NOTHING is empty"),
        ('webhook_port = 8090\nwebhook_secret_file = "nowhere"\n', "does not exist"),
    ],
)
def test_check_names_what_linear_does_not_have(folder: Path, keys: str, words: str) -> None:
    add(folder, "maild.toml", keys)
    failing = [finding for finding in findings(folder) if not finding.ok]
    assert [words in finding.message for finding in failing] == [True]
    assert failing[0].cure


def test_check_says_that_the_key_or_the_team_is_wrong_or_linear_away(folder: Path, linear: LinearServer) -> None:
    (folder / "secrets" / "linear-key").write_text("wrong")
    assert ["does not let us in" in finding.message for finding in findings(folder)] == [True]
    linear.down = True
    assert ["HTTP status 503" in finding.message for finding in findings(folder)] == [True]


def test_without_the_section_there_is_no_mirror(tmp_path: Path, capsys: Captured) -> None:
    bare = a_folder(tmp_path / "config")
    assert read(bare).linear is None
    assert ["not configured" in finding.message for finding in findings(bare)] == [True]
    assert main(["--config", str(bare), "mirror"]) == 2
    assert "there is no section [linear]" in capsys.readouterr().err


def test_the_keys_are_read_and_wrong_ones_are_named(folder: Path) -> None:
    linear = read(folder).linear
    assert linear is not None
    assert linear.policy == MirrorPolicy()
    keys = 'tickets = "all"\npersonal_data = "all"\ndue_date = "estimate"\nstates = { closed = "Done" }\npriorities = [1, 1, 2]\n'
    other = read(add(folder, "maild.toml", keys)).linear
    assert other is not None
    assert other.policy == replace(
        linear.policy,
        scope=Scope.ALL,
        personal=Personal.ALL,
        due=Due.ESTIMATE,
        states={"closed": "Done"},
        priorities=(1, 1, 2),
    )


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('states = { done = "Done" }\n', "linear.states.done is unknown"),
        ('labels = { netwrk = "Network" }\n', "linear.labels.netwrk is unknown; did you mean network?"),
        ("priorities = [9]\n", "linear.priorities[0] = 9 is not allowed; allowed: at most 4"),
        ('poll = "1s"\n', "a duration from 5s to 1h"),
        ('link = "javascript:{ticket}"\n', "begins with https:// or mailto:"),
        ('link = "https://desk.example/{name}"\n', "{ticket}, {number} or {address}"),
        ('link = "https://desk.example/{"\n', "{ticket}, {number} or {address}"),
        ('personal_data = "some"\n', 'linear.personal_data = "some" is not allowed'),
        ('key_env = "A"\nkey_file = "b"\n', "linear has both key_file and key_env"),
        ('key = "lin_api_x"\n', "linear.key is unknown"),
    ],
)
def test_a_wrong_key_of_the_mirror_is_an_error(folder: Path, keys: str, words: str) -> None:
    found = problems(add(folder, "maild.toml", keys))
    assert [words in problem for problem in found] == [True]
    assert "lin_api_x" not in found[0]


@pytest.fixture
def mirror(folder: Path, database_url: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A desk with tickets from before the mirror; runs the command, and gives its JSON and its exit status."""
    monkeypatch.setenv("MAILD_DATABASE__URL", database_url)

    def run(*arguments: str) -> tuple[int, Any]:
        status = main(["--config", str(folder), "mirror", *arguments, "--json"])
        printed = capsys.readouterr().out
        return status, json.loads(printed) if printed.startswith("{") else printed

    return run


def test_past_tickets_come_with_their_comments_and_a_broken_sync_goes_on(
    mirror: Callable[..., Any], store: Store, linear: LinearServer
) -> None:
    desk = Mirrored(store, linear)
    for number in range(3):
        desk.arrive(a_mail(message_id=f"<{number}@client.example>", fingerprint=f"{number:064}"), now=NOON)
        desk.order(f"/note\nNote {number}.\n")
    desk.order("/close\nIt was a test.\n")
    linear.world.clock = lambda: NOON.replace(year=2040)
    linear.down = True
    assert mirror("sync")[0] == 1
    linear.down = False
    status, done = mirror("sync")
    assert (status, done["left"], done["is_whole"]) == (0, 0, True)
    world = linear.world
    assert sorted(issue["title"].split()[0] for issue in world.issues.values()) == ["T-1", "T-2"]
    assert mirror("sync", "--closed")[0] == 0
    assert len(world.issues) == 3
    assert sorted(words.rpartition("> ")[2] for words in world.said() if "Note" in words) == [
        f"Note {n}." for n in range(3)
    ]
    assert {issue["createdAt"] for issue in world.issues.values()} <= {ticket.opened_at for ticket in opened(desk)}
    status, standing = mirror()
    assert status == 0
    assert (standing.pop("comments"), standing.pop("heard")) > (0, 0)
    assert standing == {"issues": 3, "waiting": 0, "oldest_at": None, "gone": 0, "troubles": []}


def opened(desk: Mirrored) -> list[Any]:
    with desk.store.read() as connection:
        return list(find_tickets(connection, [1, 2, 3]).values())


def test_what_was_refused_is_shown_and_tried_again(
    mirror: Callable[..., Any], store: Store, linear: LinearServer
) -> None:
    desk = Mirrored(store, linear)
    linear.refuses = lambda name: invalid("not this link") if name == "Link" else None
    desk.open_ticket()
    status, standing = mirror()
    assert status == 1
    assert [(line["ticket"], line["issue"], line["because"]) for line in standing["troubles"]] == [
        ("T-1", "ENG-1", "link: Linear refused: not this link")
    ]
    linear.refuses = lambda _: None
    assert mirror("retry")[1].startswith("1 tickets are tried again")
    desk.now = NOON.replace(year=2030)
    desk.work()
    assert mirror()[0] == 0
    assert len(linear.world.attachments) == 1


def test_a_webhook_is_registered_with_our_secret(
    mirror: Callable[..., Any], linear: LinearServer, capsys: Captured
) -> None:
    assert mirror("webhook", "http://desk.example/linear")[0] == 2
    assert mirror("webhook", "https://desk.example/linear")[0] == 0
    (hook,) = linear.world.webhooks
    assert (hook["url"], hook["secret"], hook["resourceTypes"]) == (
        "https://desk.example/linear",
        SECRET,
        ["Issue", "Comment"],
    )
    assert SECRET not in capsys.readouterr().out


def test_ana_is_known_there(folder: Path, linear: LinearServer) -> None:
    assert ANA in {user["email"] for user in linear.world.users}
    assert not any("Ana Ruiz" in finding.message for finding in findings(folder))
