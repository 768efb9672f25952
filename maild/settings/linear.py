"""Checked keys of [linear] to a value, and what contradicts itself among them."""

from collections.abc import Iterator
from pathlib import Path

from maild.process.mirroring.policy import Due, MirrorPolicy, Personal, Scope
from maild.settings.files import Files
from maild.settings.linear_toml import LinearKeys
from maild.settings.paths import from_place
from maild.settings.problems import suggest
from maild.settings.values import LinearSettings, Secret

DEFAULT_KEY = "secrets/linear-key"
DEFAULT_WEBHOOK = "secrets/linear-webhook"


def build_linear(keys: LinearKeys | None, start: Path) -> LinearSettings | None:
    """Build the section; None: there is no mirror."""
    if keys is None:
        return None
    return LinearSettings(
        team=keys.team,
        key=_secret("key", keys.key_file, keys.key_env, DEFAULT_KEY, start),
        url=keys.url,
        ca_file=from_place(start, keys.ca_file) if keys.ca_file else None,
        poll_seconds=keys.poll.total_seconds(),
        webhook_port=keys.webhook_port,
        webhook_secret=_secret(
            "webhook_secret", keys.webhook_secret_file, keys.webhook_secret_env, DEFAULT_WEBHOOK, start
        ),
        policy=MirrorPolicy(
            scope=Scope(keys.tickets),
            personal=Personal(keys.personal_data),
            due=Due(keys.due_date),
            states=dict[str, str](keys.states.items()),
            labels=dict(keys.labels),
            label=keys.label,
            priorities=keys.priorities,
            link=keys.link,
        ),
    )


def linear_is_whole(files: Files) -> Iterator[str]:
    """Secrets have one place, and labels are of categories that there are."""
    keys = files.maild.linear if files.maild else None
    if keys is None:
        return
    where = files.folder / "maild.toml"
    for name, file, variable in (
        ("key", keys.key_file, keys.key_env),
        ("webhook_secret", keys.webhook_secret_file, keys.webhook_secret_env),
    ):
        if file and variable:
            yield f"{where}: linear has both {name}_file and {name}_env; allowed: one of the two"
    for category in keys.labels:
        if category not in files.category_names:
            yield f"{where}: linear.labels.{category} is unknown{suggest(category, sorted(files.category_names))}"


def _secret(name: str, file: str | None, variable: str | None, default: str, start: Path) -> Secret:
    if variable:
        return Secret(key=f"linear.{name}_env", variable=variable)
    return Secret(key=f"linear.{name}_file", file=from_place(start, file or default))
