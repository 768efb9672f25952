"""A post office: what desks submit is delivered to desks, to machines that answer, or to nobody."""

from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.servers.smtp import SmtpServer
from tests.stories.letters import a_letter, an_answer
from tests.stories.running import RunningDesk

Robot = Callable[[EmailMessage], bytes]
"""What a machine answers to a mail."""


class PostOffice:
    """Carries mail in rounds, so that a story knows when all have fallen silent."""

    def __init__(self, server: SmtpServer, desks: Mapping[str, RunningDesk], robots: Mapping[str, Robot]) -> None:
        self._server, self._desks, self._robots = server, desks, robots
        self._carried = 0

    def carry_until_silence(self, rounds: int) -> int:
        """Let every desk that has mail work, and carry what they wrote, again and again; how many rounds it took."""
        for number in range(rounds):
            for desk in self._desks.values():
                if not desk.dovecot.sources(desk.address):
                    continue
                desk.take_turn()
            if not self._carry():
                return number
        return rounds

    def written_to(self, address: str) -> int:
        """How many mails have been submitted for an address, sub-addresses not counted."""
        return sum(address in mail.recipients for mail in self._server.accepted)

    def _carry(self) -> int:
        fresh = self._server.accepted[self._carried :]
        self._carried += len(fresh)
        return sum(
            self._deliver(recipient, mail.envelope_from, mail.content)
            for mail in fresh
            for recipient in mail.recipients
        )

    def _deliver(self, recipient: str, envelope_from: str, content: bytes) -> bool:
        if recipient in self._robots:
            return self._deliver(
                envelope_from, recipient, self._robots[recipient](message_from_bytes(content, policy=default))
            )
        local, _, domain = recipient.partition("@")
        desk = self._desks.get(f"{local.partition('+')[0]}@{domain}")
        if desk is None:
            return False
        desk.dovecot.deliver(desk.address, f"Delivered-To: {recipient}\r\n".encode() + content)
        return True


def marked(address: str) -> Robot:
    """Says what it is (RFC 3834)."""
    return lambda mail: an_answer(mail, From=address, Auto_Submitted="auto-replied", body="I am away.\n")


def unmarked(address: str) -> Robot:
    """Answers in the thread like a person."""
    return lambda mail: an_answer(mail, From=address, body="Thank you for your message. We will answer soon.\n")


def unthreaded(address: str) -> Robot:
    """Begins a thread of its own with each mail, as the worst ticket systems do."""
    return lambda mail: a_letter(
        From=address,
        To=str(mail["From"]),
        Subject="We have received your request",
        body="Our server has received your message. Our support team cannot connect it to any user.\n",
    )
