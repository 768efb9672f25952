import importlib
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tomllib
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info

import maild
from maild.__main__ import use_common_sums
from maild.cli.frame import COMMANDS, REFUSED, complain, main
from maild.cli.outbox import STATED
from maild.cli.output import print_json, printable
from maild.cli.replay import IGNORED
from maild.process.questions import QUESTIONS
from maild.replay.decided import ASPECTS
from maild.settings.reading import read_settings
from maild.store.view.outbox import STATES
from tests.support.desk_folder import CATEGORY, a_folder, change

Captured = pytest.CaptureFixture[str]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("MAILD_")}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(CLEAN):
        monkeypatch.delenv(name)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)


def test_help_names_every_command_and_so_does_maild_alone(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"    {name} " in shown for name in COMMANDS)
    assert main([]) == 2
    assert capsys.readouterr().err == shown


@pytest.mark.parametrize(("flags", "named"), [("fpu avx2 fma avx512f", "Haswell"), ("fpu avx2", None), ("fpu", None)])
def test_sums_are_those_of_one_kind_of_processor_where_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, named: str | None
) -> None:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n", encoding="utf-8")
    use_common_sums(tmp_path / "cpuinfo")
    use_common_sums(tmp_path / "no such file")
    assert os.environ.get("OPENBLAS_CORETYPE") == named


def test_help_imports_no_library() -> None:
    code = "import sys; from maild.cli.frame import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not {"pydantic", "rich", "sqlalchemy", "numpy", "imapclient", "jinja2"} & set(run.stderr.split())


def test_a_daemon_starts_without_the_libraries_of_training_of_reports_and_of_migrations(sqlite_url: str) -> None:
    start = f"Store({sqlite_url!r}).upgrade()"
    code = f"import sys, maild.daemon.running; from maild.store.engine import Store; {start}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not {"scipy", "sklearn", "rich", "holidays", "alembic"} & set(run.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_own_help(name: str, capsys: Captured) -> None:
    assert main([name, "--help"]) == 0
    assert f"usage: maild {name}" in capsys.readouterr().out


def test_help_of_import_names_every_question_that_a_column_may_answer() -> None:
    epilog = importlib.import_module("maild.cli.import").EPILOG
    assert f"a column for each question that people have answered: {', '.join(QUESTIONS)}." in epilog


def test_help_names_all_that_outbox_and_replay_can_be_narrowed_to() -> None:
    assert STATED.replace(" or ", ", ").split(", ") == list(STATES)
    assert IGNORED.replace(" or ", ", ").split(", ") == list(ASPECTS)


def test_every_file_of_a_command_is_a_command_of_the_frame() -> None:
    folder = Path(maild.__file__).parent / "cli"
    commands = {path.stem for path in folder.glob("*.py") if "\ndef run(arguments: " in path.read_text("utf-8")}
    assert commands == set(COMMANDS)


def test_the_version_is_told(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"maild {maild.__version__}\n"


LONG_AGO = ["restore", "--resume", "--stopped-at", "0001-01-01T00:00+09:00"]


@pytest.mark.parametrize("argv", [[], ["fly"], ["db"], ["db", "fly"], ["check", "--fly"], ["--config"], LONG_AGO])
def test_wrong_use_ends_with_2_and_says_what_is_right(argv: list[str], capsys: Captured) -> None:
    assert main(argv) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "usage: maild" in shown.err


def test_every_problem_of_the_configuration_is_one_line_on_standard_error(tmp_path: Path, capsys: Captured) -> None:
    folder = a_folder(tmp_path / "config")
    change(folder, "maild.toml", "# port = 993 ", "port = 99999 ")
    change(folder, "team.toml", 'role = "lead"', 'role = "boss"')
    assert main(["--config", str(folder), "db", "upgrade"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"maild: {folder / 'maild.toml'}: mailbox[0].port = 99999")
    assert "'tsm', 'engineer' or 'lead'" in lines[1]


def test_the_folder_is_named_before_or_behind_the_command_or_by_the_environment(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for argv in (["--config", "nowhere", "check"], ["check", "--config", "nowhere"]):
        assert main(argv) == 2
        assert "folder nowhere does not exist" in capsys.readouterr().err
    monkeypatch.setenv("MAILD_CONFIG", str(tmp_path / "elsewhere"))
    assert main(["check"]) == 2
    assert f"folder {tmp_path / 'elsewhere'} does not exist" in capsys.readouterr().err


def test_what_the_world_refuses_ends_with_1(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    assert main(["init", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt"]


def test_a_reader_that_hangs_up_gets_no_traceback() -> None:
    # argparse itself swallows a closed pipe, so the words are printed by a command
    script = (
        "import sys, types, maild.cli.frame as frame;"
        "command = types.SimpleNamespace(add_arguments=lambda parser: None, run=lambda _: print('here') or 0);"
        "frame.load = lambda name: command; sys.exit(frame.main(['check']))"
    )
    read, write = os.pipe()
    os.close(read)
    run = subprocess.run(
        [sys.executable, "-c", script], stdout=write, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(write)
    assert run.stderr == ""
    assert run.returncode == 1


def test_a_caller_that_closed_every_stream_gets_the_exit_status_and_no_stream_s_number_is_given_to_a_file() -> None:
    script = (
        "import os, sys, types, maild.cli.frame as frame;"
        "run = lambda _: print('here') or (0 if os.open('/', os.O_RDONLY) > 2 else 9);"
        "frame.load = lambda name: types.SimpleNamespace(add_arguments=lambda parser: None, run=run);"
        "sys.exit(frame.main(['check']))"
    )
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", script], timeout=60, check=False
    )
    assert closed.returncode == 0


def test_ctrl_c_is_one_line(tmp_path: Path) -> None:
    script = (
        # a suite that a script starts in the background ignores the signal, and its children would too
        "import signal, sys, time, types, maild.cli.frame as frame;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"
        "command = types.SimpleNamespace(add_arguments=lambda parser: None,"
        " run=lambda _: (print('here', flush=True), time.sleep(60)));"
        "frame.load = lambda name: command; sys.exit(frame.main(['check']))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=CLEAN | {"PYTHONPATH": str(Path(maild.__file__).parent.parent)},
    )  # fmt: skip
    assert child.stdout
    assert child.stdout.readline() == "here\n"
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (130, "maild: interrupted\n")


def test_db_upgrade_makes_the_tables_and_can_be_repeated(tmp_path: Path, capsys: Captured) -> None:
    folder = a_folder(tmp_path / "config")
    assert main(["--config", str(folder), "db", "upgrade"]) == 0
    assert "upgraded" in capsys.readouterr().out
    assert (folder / "var" / "maild.db").stat().st_size > 0
    assert main(["--config", str(folder), "db", "upgrade"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_db_check_names_what_a_disk_has_damaged_and_ends_with_1(tmp_path: Path, capsys: Captured) -> None:
    folder = a_folder(tmp_path / "config")
    assert main(["--config", str(folder), "db", "upgrade"]) == 0
    assert main(["--config", str(folder), "db", "check"]) == 0
    with closing(sqlite3.connect(folder / "var" / "maild.db")) as connection, connection:
        connection.execute(
            "INSERT INTO people (address, name) VALUES ('ana@acme.example', CAST(x'ff68656c6c6f' AS TEXT))"
        )
    capsys.readouterr()
    assert main(["--config", str(folder), "db", "check"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("people, address ana@acme.example: name is no UTF-8\n")
    assert "hello" not in shown


def test_init_writes_a_configuration_that_is_right(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "new" / "desk"
    options = ["--address", "help@acme.example", "--server", "imap.acme.example", "--lead", "ana@acme.example"]
    assert main(["init", str(folder), *options]) == 0
    shown = capsys.readouterr().out
    assert "secrets/mailbox-password" in shown
    assert f"maild --config {folder} check" in shown
    written = "".join(path.read_text("utf-8") for path in folder.glob("*.toml"))
    assert "@example.org" not in written
    a_category(folder)
    settings = read_settings(folder, {})
    assert settings.desk.address == settings.mailboxes[0].username == "help@acme.example"
    assert settings.mailboxes[0].host == settings.smtp.host == "imap.acme.example"
    assert settings.team.leads[0].addresses == ("ana@acme.example",)


def test_init_makes_a_password_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    assert main(["init", str(folder)]) == 0
    secret = folder / "secrets" / "mailbox-password"
    assert secret.read_bytes() == b""
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700


def test_init_needs_two_edits_and_no_more(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    assert main(["init", str(folder)]) == 0
    a_category(folder)
    change(folder, "maild.toml", 'host = "mail.example.org"               #', 'host = "imap.acme.example" #')
    (folder / "secrets" / "mailbox-password").write_text("secret\n")
    settings = read_settings(folder, {})
    assert settings.mailboxes[0].host == settings.smtp.host == "imap.acme.example"
    assert settings.mailboxes[0].secret.file == folder / "secrets" / "mailbox-password"


def test_init_never_writes_over_a_file(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "desk"
    assert main(["init", str(folder)]) == 0
    (folder / "team.toml").write_text("# mine\n")
    (folder / "process.toml").unlink()
    (folder / "secrets" / "mailbox-password").write_text("secret\n")
    assert "team.toml sends new tickets to" in capsys.readouterr().out
    assert main(["init", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "Wrote 1 files" in shown
    assert not any(words in shown for words in ("mailed to", "password", "maild.toml")), "all of that is done"
    assert (folder / "team.toml").read_text() == "# mine\n"
    assert (folder / "process.toml").exists()
    assert (folder / "secrets" / "mailbox-password").read_text() == "secret\n"
    assert main(["init", str(folder)]) == 0
    assert "nothing was written" in capsys.readouterr().out


def test_init_refuses_what_is_no_address(tmp_path: Path, capsys: Captured) -> None:
    for options in (["--address", "help"], ["--lead", 'x"@acme.example'], ["--server", "https://mail.acme.example"],
                    ["--address", "a@acme.example", "--lead", "A@acme.example"]):  # fmt: skip
        assert main(["init", str(tmp_path / "desk"), *options]) == 2
        assert options[-2] in capsys.readouterr().err
    assert not (tmp_path / "desk").exists()


@pytest.mark.parametrize(
    "address", ["office@acme.example", "sales@acme.example", "LEGAL@acme.example", "x@example.org"]
)
def test_init_keeps_the_desks_address_from_the_other_teams(tmp_path: Path, address: str) -> None:
    folder = tmp_path / "desk"
    assert main(["init", str(folder), "--address", address]) == 0
    a_category(folder)
    assert read_settings(folder, {}).desk.address == address


def test_init_follows_the_state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    assert main(["init", str(tmp_path / "desk")]) == 0
    assert (tmp_path / "state" / "secrets" / "mailbox-password").exists()


def test_the_shipped_files_are_toml_with_a_comment_for_newcomers() -> None:
    from maild.shipped import folder as shipped

    for path in shipped("config").glob("*.toml"):
        text = path.read_text("utf-8")
        tomllib.loads(text)
        assert text.startswith(f"# {path.name}: ")
        assert max(map(len, text.splitlines())) <= 130


def test_json_times_are_rfc_3339_in_utc(capsys: Captured) -> None:
    at = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    print_json({"at": at, "path": Path("x"), "none": None, "text": "ü"})
    assert json.loads(capsys.readouterr().out) == {"at": "2026-07-01T10:00:00Z", "path": "x", "none": None, "text": "ü"}
    print_json([at.astimezone(UTC)])
    assert "2026-07-01T10:00:00Z" in capsys.readouterr().out


def test_a_strangers_text_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b]0;x\x07b\u202ec\x9bd\rline\n\tend") == "a�]0;x�b�c�d�line\n\tend"


def test_what_a_complaint_quotes_cannot_steer_the_terminal(capsys: Captured) -> None:
    assert complain(["mail.example answered: \x1b[2J\u202ego on"], REFUSED) == REFUSED
    assert (
        capsys.readouterr().err
        == "maild: mail.example answered: \N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}go on\n"
    )


def test_output_survives_a_locale_without_letters() -> None:
    code = "from maild.cli.frame import print_any_text\nprint_any_text(); print('Grüße \\ud800')"
    environ = CLEAN | {"PYTHONIOENCODING": "ascii"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True, env=environ)
    assert run.stdout == b"Gr\\xfc\\xdfe \\ud800\n"


def a_category(folder: Path) -> None:
    """Have one category, whichever are shipped."""
    (folder / "categories").mkdir(exist_ok=True)
    for path in (folder / "categories").glob("*.toml"):
        path.unlink()
    (folder / "categories" / "network.toml").write_text(CATEGORY, "utf-8")


ONE_THREAD = """
import sys
from maild.__main__ import main
sys.argv = ["maild", "--version"]
main()
import numpy, scipy.linalg
from threadpoolctl import threadpool_info
print({library["num_threads"] for library in threadpool_info()})
"""


def test_linear_algebra_keeps_to_one_thread_so_that_every_machine_makes_the_same_model() -> None:
    chosen = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    run = subprocess.run(
        [sys.executable, "-c", ONE_THREAD], capture_output=True, text=True, timeout=60, check=True, env=chosen
    )
    assert run.stdout.splitlines()[-1] == "{1}"


def test_the_suite_computes_as_the_command_does() -> None:
    importlib.import_module("numpy")
    assert {library["num_threads"] for library in threadpool_info()} == {1}
