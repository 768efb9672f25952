"""What most commands begin with: the settings of the folder that --config names, and the store."""

import argparse
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.engine import Store


def settings_of(arguments: argparse.Namespace) -> "Settings":
    """Read the configuration. Raises ConfigurationError with every problem."""
    from maild.settings.reading import read_settings

    return read_settings(arguments.config, os.environ)


@contextmanager
def open_store(settings: "Settings", environ: Mapping[str, str] = os.environ) -> "Iterator[Store]":
    """Open the desk's database and let go of it in the end. Raises ConfigurationError where its secret is missing."""
    from maild.settings.secret import read_secret
    from maild.store.engine import Store

    secret = settings.database_secret
    store = Store(settings.database_url, password=read_secret(secret, environ) if secret else None)
    try:
        yield store
    finally:
        store.close()
