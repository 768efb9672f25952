"""The desk of the demo: the shipped configuration with a team of its own, and the sandbox as its mail server."""

import json
import shutil
import tomllib
from pathlib import Path

from maild.demo.sandbox import Sandbox
from maild.demo.smtp import AUTHSERV_ID
from maild.shipped import folder

ADDRESS = "support@acme.example"
ALIAS = "help@acme.example"
LEAD = "lena@acme.example"
TSM = "ana@acme.example"

MAILD_TOML = """\
# The desk of `maild demo`: its mail server is the sandbox, and goes away with it.
[desk]
name = "Acme Support"
address = "{address}"
aliases = ["{alias}"]
subaddress = "+"
time_zone = "Europe/Berlin"
front_team = "Front desk"

[[mailbox]]
host = "{host}"
port = {imap_port}
security = "none"
username = "{address}"
since = 2000-01-01

[smtp]
host = "{host}"
port = {smtp_port}
security = "none"
username = ""

[trust]
method = "authserv_id"
value = "{authserv_id}"

[classify]
# Which mails are drawn depends on a key that each desk makes for itself: the demo is to be the same each time.
audit = 0
"""

PEOPLE = """\
[[person]]
name = "Lena Vogt"
addresses = ["{lead}"]
role = "lead"

[[person]]
name = "Ana Ruiz"
addresses = ["{tsm}"]
role = "tsm"
"""

TEAMS = ("Front desk", "Finance", "Sales", "People", "Legal")
"""The other teams of the shipped configuration."""


def write_configuration(target: Path, sandbox: Sandbox) -> None:
    """Write a complete configuration; its database is a SQLite file below the folder."""
    shutil.copytree(folder("config"), target, dirs_exist_ok=True)
    (target / "maild.toml").write_text(
        MAILD_TOML.format(
            address=ADDRESS,
            alias=ALIAS,
            host=sandbox.host,
            imap_port=sandbox.imap_port,
            smtp_port=sandbox.smtp_port,
            authserv_id=AUTHSERV_ID,
        ),
        "utf-8",
    )
    (target / "team.toml").write_text(PEOPLE.format(lead=LEAD, tsm=TSM) + other_teams(), "utf-8")
    (target / "secrets").mkdir(mode=0o700, exist_ok=True)
    secret = target / "secrets" / "mailbox-password"
    secret.touch(mode=0o600)
    secret.write_text(sandbox.password, "utf-8")


def other_teams() -> str:
    """The teams of the shipped team.toml, at addresses of the demo. A JSON string or list is one of TOML, too."""
    shipped = tomllib.loads((folder("config") / "team.toml").read_text("utf-8"))["team"]
    rows = ({**team, "address": team_address(team["name"])} for team in shipped if team["name"] in TEAMS)
    return "".join("\n[[team]]\n" + "".join(f"{key} = {json.dumps(row[key])}\n" for key in row) for row in rows)


def team_address(name: str) -> str:
    """Where a team of the demo reads its mail."""
    return f"{name.lower().replace(' ', '-')}@acme.example"
