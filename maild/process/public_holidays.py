"""Public holidays of a country: the only file that knows the library of holidays."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=200)
def public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """The days on which the law lets nobody work (ISO 3166-1 and 3166-2 codes). Raises ValueError for unknown ones."""
    import holidays  # late: most desks name no country

    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
    except NotImplementedError as error:
        raise ValueError(str(error)) from None


def known_subdivisions(country: str) -> tuple[str, ...] | None:
    """The parts of a country that have holidays of their own; None where the country is unknown."""
    import holidays  # late, as above

    found = holidays.list_supported_countries().get(country)
    return None if found is None else tuple(found)
