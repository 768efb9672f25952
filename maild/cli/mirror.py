"""`maild mirror`: how the mirror in Linear stands; bring past tickets there, try again what failed, register a webhook."""

import argparse
import os
import threading
from typing import TYPE_CHECKING

from maild.cli.opening import open_settings, open_store
from maild.cli.options import add_json
from maild.cli.output import console, print_json
from maild.errors import ConfigurationError

if TYPE_CHECKING:
    from maild.mirror.first_sync import Synced
    from maild.process.desk import Desk
    from maild.settings.values import LinearSettings, Settings
    from maild.store.engine import Store
    from maild.store.view.mirror import MirrorStanding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the form of the answer."""
    add_json(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    syncing = actions.add_parser(
        "sync", help="create issues for tickets older than the mirror; if stopped, run it again and it continues"
    )
    syncing.add_argument("--closed", action="store_true", help="also for tickets that are over")
    actions.add_parser("retry", help="try again now whatever failed or was refused")
    webhook = actions.add_parser("webhook", help="have Linear call this address of your web server at every change")
    webhook.add_argument(
        "url", metavar="URL", help="the address that your web server forwards to [linear] webhook_port, path /linear"
    )
    for action in actions.choices.values():
        add_json(action, is_action=True)


def run(arguments: argparse.Namespace) -> int:
    """Do it. Raises ConfigurationError where no mirror is configured."""
    settings = open_settings(arguments)
    linear = settings.linear
    if linear is None:
        raise ConfigurationError(
            f"{settings.folder / 'maild.toml'}: there is no section [linear], so no ticket is mirrored; docs/linear.md tells more"
        )
    with open_store(settings) as store:
        if arguments.action == "sync":
            return sync(settings, store, arguments)
        if arguments.action == "retry":
            return retry(store)
        if arguments.action == "webhook":
            return register(linear, store, arguments.url)
        return tell(settings, store, as_json=arguments.json)


def tell(settings: "Settings", store: "Store", *, as_json: bool) -> int:
    """Tell how it stands; 1 where something is in trouble."""
    from maild.store.view.mirror import read_mirror

    with store.read() as connection:
        found = read_mirror(connection, settings.desk)
    if as_json:
        print_json(found)
    else:
        show(found, settings.desk)
    return 1 if found.troubles else 0


def sync(settings: "Settings", store: "Store", arguments: argparse.Namespace) -> int:
    """Bring past tickets there, with progress; 1 where something is left to be told."""
    from maild.cli.progress import progress
    from maild.daemon.holder import holder_name
    from maild.daemon.mirror import open_mirror
    from maild.daemon.running import system_clock
    from maild.daemon.signals import stopping
    from maild.daemon.upgrading import upgrade_safely
    from maild.daemon.waiting import refuse_before_resumption
    from maild.mirror.first_sync import sync as bring

    upgrade_safely(store)
    refuse_before_resumption(store)
    mirror = open_mirror(settings, store, os.environ, system_clock, holder=holder_name())
    assert mirror is not None  # noqa: S101  # the caller has looked
    stop = threading.Event()
    with stopping(stop), progress() as advance:
        done = bring(
            mirror,
            closed=arguments.closed,
            tell=advance,
            is_stopped=stop.is_set,
            wait=lambda patience: stop.wait(patience.total_seconds()),
        )
    if arguments.json:
        print_json(done)
    else:
        console().print(account(done), soft_wrap=True)
    return 0 if done.is_whole else 1


def account(done: "Synced") -> str:
    """Say how far it came."""
    text = f"{done.planned} tickets have an issue, or get one"
    if done.is_whole:
        return f"{text}; all of it is told"
    why = f" ({done.trouble})" if done.trouble else ""
    return f"{text}; {done.left} are still to be told{why}: maild run goes on with them, or this command again"


def retry(store: "Store") -> int:
    """Have everything tried again that failed."""
    from maild.daemon.running import system_clock
    from maild.store.mirror.issues import retry_issues
    from maild.store.mirror.mirroring import retry_refused

    count = store.transact(lambda c: retry_issues(c, retry_refused(c), now=system_clock()))
    console().print(f"{count} tickets are tried again: `maild run` does it")
    return 0


def register(linear: "LinearSettings", store: "Store", url: str) -> int:
    """Let Linear know where to call. Raises Refused where it does not want to."""
    from maild.daemon.mirror import open_door
    from maild.daemon.running import system_clock
    from maild.settings.secret import read_secret
    from maild.store.mirror.mirroring import own_id

    if not url.startswith("https://"):
        raise ConfigurationError(f"{url}: Linear calls addresses that begin with https://")
    secret = read_secret(linear.webhook_secret, os.environ)
    name = store.transact(lambda connection: own_id(connection, "webhook", url))
    open_door(linear, os.environ, system_clock).add_webhook(id=name, url=url, secret=secret)
    port = f"127.0.0.1:{linear.webhook_port}/linear" if linear.webhook_port else "[linear] webhook_port, once it is set"
    console().print(f"Linear calls {url} at each change; your web server hands that on to {port}", soft_wrap=True)
    return 0


def show(found: "MirrorStanding", desk: "Desk") -> None:
    """Print the numbers, and what is in trouble."""
    from maild.cli.showing import a_table, in_table, moment, one_line

    out = console()
    out.print(
        f"{found.issues} tickets have an issue, {found.gone} of them deleted or moved away there; {found.comments} comments and links"
    )
    out.print(
        f"{found.heard} comments and decisions came from there; {found.waiting} tickets have something to be told"
    )
    if not found.troubles:
        return
    table = a_table("!ticket", "!issue", "because", "!again")
    for each in found.troubles:
        again = moment(each.again_at, desk.time_zone) if each.again_at else in_table("maild mirror retry")
        table.add_row(one_line(each.ticket), one_line(each.issue or ""), in_table(each.because), again)
    out.print(table)
