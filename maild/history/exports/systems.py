"""The systems whose exports maild reads."""

from collections.abc import Mapping
from types import MappingProxyType

from maild.history.exports.book import System
from maild.history.exports.freshdesk import FRESHDESK
from maild.history.exports.zendesk import ZENDESK

SYSTEMS: Mapping[str, System] = MappingProxyType({system.name: system for system in (ZENDESK, FRESHDESK)})
