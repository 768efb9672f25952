"""Trust: how sure we are of an author (DESIGN.md, Trust). Computed, never assumed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustMethod:
    """Section [trust]: what of our own server vouches for a From address."""

    method: str = "none"
    """`authserv_id`, `microsoft365`, `header` or `none`."""

    value: str = ""
    """The authserv-id, or `Name: value` of the field that only our server adds."""
