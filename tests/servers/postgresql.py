"""A real PostgreSQL server for the suite: in a temporary folder, on loopback, ended by its process id."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

import psycopg

from tests.servers.ports import free_ports

PROGRAMS = Path("/usr/lib/postgresql")
SECONDS_TO_START = 120
STANDBY = "standby"

HBA = """\
local all all trust
local replication all trust
host all guarded 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""


# `kept`: process ids of sessions to leave alone. Without triggers, so that the order of the tables does not matter: references are triggers too.
EMPTY_EVERYTHING = """
DO $$ DECLARE name text; BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), {kept});
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public';
    DELETE FROM pg_statistic WHERE starelid = to_regclass('ix_search_texts_words');  -- which words were common in what was
END $$
"""


class PostgresqlServer:
    """Role `maild` owns everything and needs no password; role `guarded` needs one."""

    def __init__(self, *, is_durable: bool = False, follows: Self | None = None) -> None:
        """`follows`: a server whose standby this one becomes; what that one commits is here first (synchronous)."""
        self._fsync = "on" if is_durable else "off"
        self.folder = Path(tempfile.mkdtemp(prefix="maild-postgresql-"))
        (self.port,) = free_ports(1)
        self._programs = _newest_programs()
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        if follows is None:
            self._initialise()
        else:
            self._copy(follows)
        self._process = self._start()
        if follows is not None:
            follows.run(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'")
            follows.run("SELECT pg_reload_conf()")

    @property
    def pid(self) -> int:
        """Of the process whose children are all the others."""
        return self._process.pid

    def url(self, database: str, *, role: str = "maild") -> str:
        """Where a database of this server is."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, *, database: str = "postgres") -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def empty(self, database: str) -> None:
        """End whoever is still there and delete all rows; the tables stay."""
        self.run(EMPTY_EVERYTHING.format(kept=0), database=database)

    def restart(self) -> None:
        """End every session at once, as a crash does, and start again."""
        self.stop(signal.SIGQUIT)
        self.start()

    def start(self) -> None:
        """Start again after `stop`."""
        self._process = self._start()

    def promote(self) -> None:
        """Make a standby the server that takes writes."""
        self.run("SELECT pg_promote()")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server; the data stay."""
        self._process.send_signal(how)
        self._process.wait(timeout=SECONDS_TO_START)

    def remove(self) -> None:
        """End the server at once, and delete its data."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def _initialise(self) -> None:
        self._call(
            "initdb", "--pgdata", "data", "--username", "maild", "--auth", "trust", "--encoding", "UTF8", "--no-sync"
        )
        (self.folder / "data" / "pg_hba.conf").write_text(HBA)

    def _copy(self, server: Self) -> None:
        place = f"host={server.folder} port={server.port} user=maild application_name={STANDBY}"
        self._call(
            "pg_basebackup",
            "--pgdata",
            "data",
            "--write-recovery-conf",
            "--checkpoint",
            "fast",
            "--no-sync",
            "-d",
            place,
        )

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {"fsync": self._fsync, "port": self.port, "listen_addresses": "127.0.0.1", "max_connections": 200}
        options = [f"-c{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [self._programs / "postgres", "-D", "data", "-k", self.folder, *options],
                cwd=self.folder,
                user=self._user,
                stdout=log,
                stderr=log,
            )
        self._await(process)
        return process

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        limit = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=10).close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > limit:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            cwd=self.folder,
            user=self._user,
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )


def _newest_programs() -> Path:
    versions = sorted(PROGRAMS.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise RuntimeError(f"no PostgreSQL below {PROGRAMS}: apt-get install postgresql")
    return versions[-1].parent
