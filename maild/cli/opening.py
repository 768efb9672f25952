"""What most commands begin with: the settings of the folder that --config names, and the store."""

import argparse
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maild.settings.values import Settings
    from maild.store.engine import Store


def open_settings(arguments: argparse.Namespace) -> "Settings":
    """Read the configuration. Raises ConfigurationError with every problem."""
    from maild.settings.reading import read_settings

    return read_settings(arguments.config, os.environ)


def open_store(settings: "Settings", environ: Mapping[str, str] = os.environ) -> "AbstractContextManager[Store]":
    """Open the desk's database and let go of it in the end. Raises ConfigurationError where its secret is missing."""
    from maild.daemon import opening

    return opening.open_store(settings, environ)
