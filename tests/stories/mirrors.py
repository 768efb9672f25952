"""A running desk whose tickets are mirrored in a workspace of Linear, with people who work on either side."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.servers.dovecot import Dovecot
from tests.servers.linear import KEY, LinearServer
from tests.servers.linear_world import ANA
from tests.servers.smtp import SmtpServer
from tests.stories.letters import a_letter, an_answer, sent_to
from tests.stories.looking import rows
from tests.stories.running import RunningDesk
from tests.stories.staffed import TRUST
from tests.support.making import NOON

PEOPLE = """
[[person]]
name = "Ana Ruiz"
addresses = ["ana@acme.example"]
role = "tsm"
skills = ["network"]

[[person]]
name = "Eva Engineer"
addresses = ["eva@acme.example"]
role = "engineer"
"""
SECTION = 'personal_data = "words"\nlabel = "maild"\n'


class MirroredDesk(RunningDesk):
    """Its clock and Linear's are one, and only the story moves it."""

    def __init__(
        self,
        folder: Path,
        linear: LinearServer,
        smtp: SmtpServer,
        dovecot: Dovecot,
        *,
        address: str,
        url: str,
    ) -> None:
        super().__init__(
            folder,
            address=address,
            dovecot=dovecot,
            smtp_port=smtp.port,
            database_url=url,
            mailbox=f'{TRUST}\n[linear]\nteam = "ENG"\nurl = "{linear.url}"\n{SECTION}',
        )
        (self.folder / "secrets" / "linear-key").write_text(KEY)
        team = self.folder / "team.toml"
        team.write_text(team.read_text() + PEOPLE)
        self.linear, self.smtp, self.database_url = linear, smtp, url
        self.now = NOON
        self.clock = self.tell_time
        linear.world.clock = self.tell_time

    def tell_time(self) -> datetime:
        """Never twice the same: what happens later is later."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def later(self, *letters: bytes, wait: timedelta = timedelta(minutes=2)) -> None:
        """Some minutes pass, and what has come is dealt with."""
        self.now += wait
        self.take_turn(*letters)

    def open_ticket(self, **fields: str) -> EmailMessage:
        """A client writes; Ana's mail about it."""
        self.take_turn(a_letter(**fields))
        return sent_to(self.smtp, ANA)[-1]

    def order(self, to: EmailMessage, body: str, *, by: str = ANA) -> None:
        """Somebody of the house answers this mail."""
        self.later(an_answer(to, From=by, body=body, X_Acme_Login="yes"))

    def rows(self, query: str) -> list[Any]:
        return [row if len(row) > 1 else row[0] for row in rows(self.database_url, query)]

    def told(self, address: str) -> str:
        """All that somebody got, as text."""
        bodies = (mail.get_body(("plain",)) for mail in sent_to(self.smtp, address))
        return "\n".join(str(body.get_content()) for body in bodies if body)
