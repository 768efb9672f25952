"""`maild init [DIR]`: write a complete, commented configuration."""

import argparse
import os
import re
import sys
from pathlib import Path

from maild.errors import ConfigurationError, Refused

ADDRESS, SERVER, LEAD = "support@example.org", "mail.example.org", "lead@example.org"
"""What stands in the shipped files until somebody says better."""

OTHERS = ("office@example.org", "finance@example.org", "sales@example.org", "people@example.org", "legal@example.org")
"""The addresses of the shipped other teams."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where to write, and what is known already."""
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="where to write (default: the folder of --config)"
    )
    parser.add_argument("--address", help="the support address that clients write to")
    parser.add_argument("--server", metavar="HOST", help="the mail server (IMAP and SMTP)")
    parser.add_argument("--lead", metavar="ADDRESS", help="who is told of new tickets")
    parser.add_argument(
        "--log-in", action="store_true", help="log in to the mail provider of a desk that uses OAuth (docs/oauth.md)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write what is missing, never over what is there; then say what to do next."""
    from maild.settings.building import DEFAULT_SECRET
    from maild.settings.paths import from_place, starting_place

    folder = Path(os.path.abspath(arguments.folder or arguments.config))  # noqa: PTH100  # keeps symbolic links
    if arguments.log_in:
        from maild.cli.log_in import log_in

        return log_in(folder)
    words = replacements(arguments.address, arguments.server, arguments.lead)
    refuse_strange_folder(folder)
    written = write_missing(folder, words)
    secret = from_place(starting_place(folder, os.environ), DEFAULT_SECRET)
    make_secret(secret)
    lines = [report(folder, written), *next_steps(folder, secret, written, words)]
    if folder / "team.toml" in written:
        lines += ["", told(folder, words)]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def replacements(address: str | None, server: str | None, lead: str | None) -> dict[str, str]:
    """Work out what to write in place of the shipped files' examples. Raises ConfigurationError for what is no address."""
    from maild.settings.fields import address as check_address
    from maild.settings.fields import host as check_host

    checks = [("--address", address, check_address), ("--server", server, check_host), ("--lead", lead, check_address)]
    for option, value, check in checks:
        if value is not None:
            try:
                check(value)
            except ValueError as error:
                raise ConfigurationError(f"{option} {value!r} is not allowed; allowed: {error}") from None
    domain = (address or ADDRESS).rpartition("@")[2]
    words = {ADDRESS: address or ADDRESS, LEAD: lead or LEAD.replace("example.org", domain)}
    if words[ADDRESS].casefold() == words[LEAD].casefold():
        raise ConfigurationError(
            "--lead is the same as --address; allowed: the address of a person, not the desk's own"
        )
    taken = {word.casefold() for word in words.values()}
    for team in OTHERS:
        here = team.replace("example.org", domain)
        words[team] = here if here.casefold() not in taken else here.replace("@", "-team@")
    return words | {SERVER: server or f"mail.{domain}", "@example.org": f"@{domain}"}


def refuse_strange_folder(folder: Path) -> None:
    """Refuse a folder that holds something else than a configuration."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is not a folder; name another place: maild init DIR")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "maild.toml").exists():
        raise Refused(
            f"{folder} is not empty and holds no maild.toml; nothing was written; name an empty folder, or a new one"
        )


def write_missing(folder: Path, words: dict[str, str]) -> list[Path]:
    """Copy the shipped files that are not there yet; the files that were written."""
    from maild.shipped import folder as shipped

    written = []
    for source in sorted(shipped("config").rglob("*.toml")):
        target = folder / source.relative_to(shipped("config"))
        text = replace_examples(source.read_text(encoding="utf-8"), words)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise Refused(f"{target} cannot be written: {error.strerror}") from None
        written.append(target)
    return written


def replace_examples(text: str, words: dict[str, str]) -> str:
    """Put the desk's own words in place of the examples, all at once: a word may look like another example."""
    examples = re.compile("|".join(map(re.escape, words)))  # whole addresses stand before @example.org
    return examples.sub(lambda found: words[found[0]], text)


def make_secret(path: Path) -> None:
    """Make an empty file for the password that only its owner may read; leave one that is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from None


def report(folder: Path, written: list[Path]) -> str:
    """Say what was written."""
    if not written:
        return f"{folder} is complete; nothing was written."
    return f"Wrote {len(written)} files to {folder}; files that were there already are unchanged."


def next_steps(folder: Path, secret: Path, written: list[Path], words: dict[str, str]) -> list[str]:
    """Say what makes it run; what its admin has done already is not asked for again."""
    file, edits = folder / "maild.toml", []
    if file in written and (words[ADDRESS] == ADDRESS or words[SERVER] == SERVER):
        edits.append(f"edit {file}: [desk] address and [[mailbox]] host")
    if not secret.stat().st_size:
        edits.append(f"write the mailbox's password into {secret}")
    edits.append(f"maild --config {folder} check    tests every part, and says how to mend it")
    edits.append(f"maild --config {folder} run      starts the desk")
    return ["", "Next:", *(f"  {number}. {edit}" for number, edit in enumerate(edits, 1))]


def told(folder: Path, words: dict[str, str]) -> str:
    """Say whose mail is at stake: these addresses are guessed where nobody named them."""
    team = folder / "team.toml"
    return f"{team} sends new tickets to {words[LEAD]}, and other mail to teams such as {words[OTHERS[0]]}: change it to fit."
