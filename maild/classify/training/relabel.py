"""Topics that no collection labels well, taken out of the largest one's catch-alls by their words.

Its publisher's *Hardware*, *Administrative rights* and *Storage* hold nearly everything. The rule below is crude and
its own truth: scores on these labels say how well the rule was learnt, and no more. Their card says so.
"""

import re

_TOPICS = {
    "network": re.compile(
        r"\b(vpn|wi ?fi|wireless|network (issue|problem|connection|down|cable|access|slow)|internet connection|"
        r"no internet|no connection|firewall|dns|router|ping|latency|bandwidth|lan|vlan|ip address)\b"
    ),
    "email": re.compile(
        r"\b(outlook|mailbox|mailing|distribution list|smtp|inbox|spam|calendar|cannot (send|receive) mails?)\b"
    ),
    "hardware": re.compile(
        r"\b(laptop|monitor|keyboard|mouse|docking|headset|headphones|printer|battery|charger|screen|adapter|cable|"
        r"webcam|hard (drive|disk)|ssd|memory|desktop|device|mac(book)?|phone|scanner|projector)s?\b"
    ),
    "software": re.compile(
        r"\b(install\w*|uninstall|upgrade|update failed|application|software|browser|chrome|firefox|explorer|excel|"
        r"word|office|licen[cs]e|bug|crash\w*|exception|plugin|jira|jenkins|database|sql|visual studio|windows|"
        r"error message|website|web ?page|server|deploy\w*)\b"
    ),
}
_FILES = re.compile(r"\b(files?|folders?|drives?|shares?|backups?|restor\w+|onedrive|share ?point|disk)\b")
_BROAD = ("hardware", "software", "storage")


def topic_in_words(text: str, category: str) -> str | None:
    """The one topic that a text of a catch-all names; None where it names none or several, and says nothing then."""
    if category not in _BROAD:
        return category
    named = [topic for topic, pattern in _TOPICS.items() if pattern.search(text)]
    if category == "storage":  # a mailbox that is full, shared or gone is e-mail, whatever else is named
        return "email" if named == ["email"] or ("email" in named and not _FILES.search(text)) else "storage"
    return named[0] if len(named) == 1 else None


def topic_of_software(text: str) -> str:
    """The topic of a text about a program that fails: e-mail where its words name that and no other topic."""
    named = [topic for topic in ("network", "email", "hardware") if _TOPICS[topic].search(text.lower())]
    return "email" if named == ["email"] else "software"
