"""The kinds of information that are gathered: a finder each, and what else tells the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from maild.process.gathering.addresses import find_addresses
from maild.process.gathering.amounts import find_amounts
from maild.process.gathering.applications import find_applications
from maild.process.gathering.attached import find_logs, find_screenshots
from maild.process.gathering.devices import find_devices
from maild.process.gathering.error_codes import find_error_codes
from maild.process.gathering.error_messages import find_error_messages
from maild.process.gathering.hosts import find_hosts
from maild.process.gathering.ip_addresses import find_ip_addresses
from maild.process.gathering.material import Finder
from maild.process.gathering.numbers import (
    find_customer_numbers,
    find_invoice_numbers,
    find_order_numbers,
    find_serial_numbers,
)
from maild.process.gathering.operating_systems import find_operating_systems
from maild.process.gathering.paths import find_paths
from maild.process.gathering.stack_traces import find_stack_traces
from maild.process.gathering.times import find_times
from maild.process.gathering.urls import find_urls
from maild.process.gathering.versions import find_versions


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of information."""

    find: Finder
    told_by: tuple[str, ...] = ()
    """Other kinds that answer the same question: who sends a screenshot is not asked for the words of the error."""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "application": Kind(find_applications),
        "version": Kind(find_versions),
        "operating system": Kind(find_operating_systems),
        "device": Kind(find_devices),
        "error message": Kind(find_error_messages, told_by=("error code", "stack trace", "screenshot")),
        "error code": Kind(find_error_codes),
        "stack trace": Kind(find_stack_traces),
        "since when": Kind(find_times),
        "host": Kind(find_hosts, told_by=("ip address", "url")),
        "ip address": Kind(find_ip_addresses),
        "url": Kind(find_urls),
        "path": Kind(find_paths, told_by=("url",)),
        "address": Kind(find_addresses),
        "screenshot": Kind(find_screenshots),
        "log": Kind(find_logs, told_by=("stack trace",)),
        "serial number": Kind(find_serial_numbers),
        "customer number": Kind(find_customer_numbers),
        "order number": Kind(find_order_numbers),
        "invoice number": Kind(find_invoice_numbers),
        "amount": Kind(find_amounts),
    }
)
"""Name to kind, in the order in which people read them; `required` of a category names some of them."""
