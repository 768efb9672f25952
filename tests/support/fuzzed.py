"""What must hold for any mail whatever, by the words of a fuzzer: shared by the suite's one (hypothesis) and by `benchmarks.fuzz`."""

from maild.errors import Unreadable
from maild.mail.message import Limits, Mail
from maild.mail.quoting import new_text, passages
from maild.process.commands.reading import _plain, read_commands
from maild.process.guarding.relaying import relayed_words
from maild.process.thread import Known, KnownToken, find_clues, judge
from maild.process.ticket import Trust
from maild.process.token import make_token
from tests.support.mail_making import read
from tests.support.making import a_desk

CLIENT, STRANGER = "bea@client.example", "mallory@evil.example"
TOKEN = make_token(3, b"k" * 32, ticket=17, recipient=CLIENT, cause="mail 1 acknowledgement")
KNOWN = Known(
    tokens={TOKEN: KnownToken(ticket=17, recipient=CLIENT)},
    message_ids={"<known@client.example>": {17}},
    ghosts={"<ghost@client.example>": {17}},
    participants={17: {CLIENT}},
)
LIMITS = Limits(seconds=5)
DESK = a_desk()


def assert_parsed_or_held(source: bytes) -> Mail | None:
    """Bytes are a mail or are held; a mail is then quoted, commanded and threaded."""
    try:
        mail = read(source, LIMITS)
    except Unreadable as error:
        if "breaks the parser" in str(error):
            raise AssertionError(str(error)) from error
        return None
    assert_quoted(mail.text)
    assert_commands(mail.new_text)
    assert_threaded(mail)
    return mail


def assert_quoted(text: str) -> None:
    """New text is part of the text, line by line, and no text becomes none; what is relayed was there, too."""
    new = new_text(text)
    lines = [line.strip() for line in text.splitlines()]
    assert bool(new.strip()) >= bool(text.strip()), (text, new)
    assert all(line.strip() in lines or not line.strip() for line in new.splitlines()), (text, new)
    assert new_text(new).strip() or not new.strip()
    assert len(passages(text)) <= len(lines) + 1
    for line in relayed_words(text, ["> quoted", "hello"], DESK).splitlines():
        assert not line.strip() or line.strip().lstrip("> ") in text, (text, line)


def assert_commands(text: str) -> None:
    """Commands stand at the top alone; where there is none, all that was written is left for its reader."""
    written = read_commands(text)
    first = next((plain for line in text.split("\n") if (plain := _plain(line))), "")
    assert bool(written.commands) <= first.startswith("/"), text
    for command in written.commands:
        assert command.name == command.name.lower()
        assert "\n" not in command.argument
    if not first.startswith("/"):
        assert written.words.split() == text.split()


def assert_threaded(mail: Mail) -> None:
    """A stranger joins nothing, whatever the mail says, and only who holds a token is trusted for it."""
    clues = find_clues(mail, DESK)
    stranger = judge(clues, KNOWN, STRANGER, frozenset())
    assert stranger is None or (not stranger.joins and stranger.trust is Trust.CLAIMED)
    client = judge(clues, KNOWN, CLIENT, frozenset())
    holds = any(clue.token == TOKEN for clue in clues.tokens)
    assert client is None or not client.joins or client.ticket == 17
    assert (client is not None and client.trust is Trust.TOKEN) <= holds
