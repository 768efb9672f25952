"""Rules between mailboxes: none is watched twice, and no mail is moved to where it would be new again."""

from collections import Counter
from collections.abc import Iterator

from maild.settings.building import IMAP_PORT
from maild.settings.files import Files
from maild.settings.maild_toml import MailboxKeys
from maild.settings.problems import wrong


def mailboxes_differ(files: Files) -> Iterator[str]:
    """A mailbox that stands there twice would be watched twice."""
    if not files.maild:
        return
    address = files.maild.desk.address
    seen = Counter((*account_of(keys, address), folded(keys.name)) for keys in files.maild.mailbox)
    for (username, host, _, name), count in seen.items():
        if count > 1:
            yield f"{files.folder / 'maild.toml'}: mailbox {name} of {username} at {host} stands there {count} times; allowed: once"


def moved_mail_goes_elsewhere(files: Files) -> Iterator[str]:
    """A mail that is moved to where it came from would be new again; where strangers' mail lies, nothing is our own."""
    for number, keys in enumerate(files.maild.mailbox if files.maild else ()):
        if keys.after == "move" and keys.processed.casefold() == keys.name.casefold():
            allowed = f"another mailbox than {keys.name}"
            yield wrong(str(files.folder / "maild.toml"), f"mailbox[{number}].processed", keys.processed, allowed)
        if keys.sent and keys.sent.casefold() in {keys.name.casefold(), keys.processed.casefold(), "inbox"}:
            allowed = "a mailbox of sent mail alone"
            yield wrong(str(files.folder / "maild.toml"), f"mailbox[{number}].sent", keys.sent, allowed)


def watched_mailboxes_are_no_goal(files: Files) -> Iterator[str]:
    """What is moved into a mailbox that is watched too is new there; between two of them it would go to and fro for ever."""
    if not files.maild:
        return
    address, boxes = files.maild.desk.address, files.maild.mailbox
    watched = {(*account_of(keys, address), folded(keys.name)): number for number, keys in enumerate(boxes)}
    for number, keys in enumerate(boxes):
        goals = {"processed": keys.processed if keys.after == "move" else None, "sent": keys.sent}
        for key, goal in goals.items():
            other = watched.get((*account_of(keys, address), folded(goal or "")), number)
            if other != number:
                allowed = f"a mailbox that maild does not take mail from, as it does by mailbox[{other}]"
                yield wrong(str(files.folder / "maild.toml"), f"mailbox[{number}].{key}", goal, allowed)


def account_of(keys: MailboxKeys, address: str) -> tuple[str, str, int]:
    """Whose mailboxes these are, and where: name of the log-in, host, port."""
    return keys.username or address, keys.host.casefold(), keys.port or IMAP_PORT[keys.security]


def folded(name: str) -> str:
    """Give a mailbox's name so that two that are the same are equal: of all names, only INBOX has no case (RFC 9051 5.1)."""
    return "INBOX" if name.casefold() == "inbox" else name
