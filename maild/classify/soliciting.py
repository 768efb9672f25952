"""Phrases that solicit, as spam does and clients do not; written by hand, in English, like the mail the model has read."""

from collections.abc import Sequence

from maild.classify.folding import fold
from maild.classify.phrase import keys, read_phrases

_PHRASES = (
    "click here", "click below", "click now", "click on the link", "click the link", "clicking here", "unsubscrib*",
    "opt out", "opt-out", "opt in", "opt-in", "opted in", "be removed", "been removed", "get removed", "to remove yourself",
    "remove me", "remove you", "remove your", "our mailing list", "not wish to receive", "wish to receive", "free trial",
    "free quote*", "free report", "free info*", "free shipping", "free gift", "free membership", "free access",
    "free consultation", "free offer", "free of charge", "free demo", "free sample*", "free website", "absolutely free",
    "limited time", "order now", "order today", "act now", "call now", "call today", "toll free", "toll-free",
    "no obligation", "risk free", "risk-free", "money back", "money-back", "guarantee*", "lowest price*", "low price*",
    "special offer*", "special promotion", "viagra", "cialis", "mortgage rate*", "refinanc*", "casino", "lottery",
    "you have won", "next of kin", "beneficiary", "million dollars", "million us dollars", "million united states dollars",
    "work at home", "work from home", "home based", "home-based", "extra income", "financial freedom", "make money",
    "earn money", "money making", "bulk mail", "bulk email", "dear friend", "dear homeowner", "xxx", "porn*", "hot girls",
    "lose weight", "weight loss", "credit card debt", "online pharmacy", "prescription*", "not spam",
    "you are receiving this", "you received this", "you have received this", "one time mailing", "one-time mailing",
    "save up to", "buy now", "visit our web site", "visit our website", "satisfaction", "no cost", "order form",
    "investment opportunit*", "business opportunit*", "bitcoin", "crypto*", "seo services", "first page of google",
    "increase your sales", "best price*", "cheap*", "discount*", "hot stock*", "penny stock*", "replica*", "diploma*",
)  # fmt: skip

_KNOWN = tuple(phrase for words in _PHRASES for phrase in read_phrases(words))


def solicits(text: str) -> Sequence[str]:
    """The different phrases that solicit in a text, in its own words."""
    folded = fold(text)
    present = keys(folded)
    found = (next(phrase.places(folded), None) for phrase in _KNOWN if present.issuperset((phrase.key, *phrase.needs)))
    return tuple(dict.fromkeys(match.group() for match in found if match is not None))
