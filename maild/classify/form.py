"""Does a website of the house hand on what somebody has written into its form? Their address is then in Reply-To."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from maild.mail.message import Address, Mail

NO_REPLY = r"(?:no|do[-_.]?not|dont)[-_.]?reply"
"""How a local part begins that wants no answer."""

_WEBSITES = re.compile(
    rf"(?:{NO_REPLY}|wordpress|drupal|joomla|typo3|cms|www(?:-data)?|web(?:site|server|master|form|mailer)?|apache|nginx|nobody|"
    r"(?:web[-_.]?)?(?:contact|kontakt|formulaire|formular|formulario)(?:[-_.]?(?:forms?|formular))?|forms?|mailer)",
    re.IGNORECASE,
)
"""Local parts as which websites write."""


def form_author(mail: Mail, own_domains: Iterable[str], own: AbstractSet[str] = frozenset()) -> Address | None:
    """Who wrote into the form, as far as they say; None where the mail comes from no form.

    It comes from a website's address in a domain of the desk, or from one of `own` (keys of the desk's addresses), and is to
    be answered to one person elsewhere. To whom it goes says nothing: whoever writes it chooses that.
    """
    domains = list(own_domains)
    if mail.author is None or not _is_of_house(mail.author, domains, own):
        return None
    people = {each.key: each for each in mail.reply_to if not (_is_website(each) or each.key in own)}
    if len(people) != 1:
        return None
    person = next(iter(people.values()))
    return None if _is_kin(person.domain, domains) else person


def _is_of_house(author: Address, domains: Iterable[str], own: AbstractSet[str]) -> bool:
    return author.key in own or (_is_website(author) and _is_kin(author.domain, domains))


def _is_website(address: Address) -> bool:
    return _WEBSITES.fullmatch(address.address.rpartition("@")[0]) is not None


def _is_kin(domain: str, others: Iterable[str]) -> bool:
    """Whether one of them is the same, or the other's sub-domain: `www.acme.example` is of `acme.example`."""
    return any(
        domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}") for other in others if other
    )
