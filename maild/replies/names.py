"""The names that a template may use, and what each stands for.

Mail to a client has only the first table: what is internal cannot slip into it, whatever an admin writes.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from maild.replies.kinds import CLIENT, KINDS

Scene: TypeAlias = Mapping[str, str | bool | Sequence[str]]
"""Name to value: text without a line end, a truth, or a list of such texts."""

CLIENT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "desk": "name of the desk",
        "desk_address": "address of the desk",
        "number": "the ticket, such as T-17",
        "tag": "the mark of the subject, such as [T-17]; it stands in front even if a template leaves it out",
        "subject": "the client's subject without Re: and our tags, or empty",
        "title": "the same, or a neutral phrase",
        "name": "name of the one who is written to, or empty",
        "due": "when the client hears from us again, in words, or empty",
        "eta": "the estimate that a TSM gave, in words, or empty",
        "opened": "when the ticket was opened, in words",
        "category": "title of the category, or empty while it is open",
        "team": "the other team that has it, or empty",
        "is_technical": "whether it is known to be technical",
        "is_resolved": "whether we said that it is solved, and the client is to say whether it is",
        "is_open": "whether the desk works on it",
        "is_closed": "whether it is closed",
        "asked": "list: what the client is asked for, while we wait for it",
        "taps": "list: what the reader can answer with one tap, the address that it writes to, and the word that says the same",
        "helped": "list: what helped others with the same, where [suggestions] lets clients read it; or nothing",
        "is_undecided": "whether a TSM still has to decide what becomes of it",
        "is_known": "whether the ticket has just joined an incident: others have it, too",
    },
)
HOUSE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "client": "name and address of the client",
        "client_address": "address of the client",
        "bcc_address": "where a copy of a direct answer is noted on the ticket; empty where there are no sub-addresses",
        "words": "the new words of the mail that caused this one, a list of lines",
        "is_cut": "whether there are more words than are shown",
        "is_sealed": "whether it is encrypted or signed in a way that hides its words (OpenPGP, S/MIME)",
        "is_enclosed": "whether all of its files go along, and with them what is sealed",
        "attachments": "list of names with sizes",
        "sheet": "list: what is known about the issue, each with its kind",
        "missing": "list: what the category requires and the client has not told",
        "has_original": "whether mails of the client go along as they came",
        "kept_back": "size of the client's mail where it is too large to come along, or empty",
        "withheld": "what the virus scanner found in the original's files, each with its file",
        "reasons": "list: why this was decided, or what came back",
        "priority": "in words, or empty",
        "urgency": "in words, or empty",
        "impact": "in words, or empty",
        "language": "name of the client's language",
        "assignee": "who is responsible, or empty",
        "lasted": "within which time such tickets were solved, in words, where [forecast] tells it; or empty",
        "others": "the client's other open tickets, each with who has it, in one line; or empty",
        "organisation": "the domain of the client's organisation, where colleagues of theirs have open tickets; or empty",
        "colleagues": "open tickets of the client's colleagues, each with who has it, or how many they are, in one line; or empty",
        "lead": "name of the lead",
        "lead_address": "address of the lead",
        "team_address": "address of the other team, or empty",
        "is_for_team": "whether another team reads it, whose words never go to the client",
        "contacts": "list: whom the mail did not reach",
        "server_words": "what the other server said, or empty",
        "returned": "Message-ID of the mail that came back, or empty",
        "transcript": "list: commands that did nothing, each with what is wrong with it",
        "readers": "addresses that would get the words of a mail that is held, or empty",
        "is_for_incident": "whether those are all clients of the incident",
        "silent_until": "until when further commands of this person that do nothing get no answer, in words, or empty",
        "said": "what somebody of the house said to others of it, a list of lines",
        "said_by": "whose words those are, or empty",
        "conversation": "list: what the client and the house have written so far, in a dossier and to who takes a ticket over",
        "timeline": "list: what has happened so far, in a dossier",
        "offers": "list: what the reader can do with one tap, and the address that it writes to",
        "similar": "list: solved tickets like this one, each with what the client was told at the end",
        "known": "list: articles of the knowledge base that may help, each with what helped and why it is named",
        "form": "list: the lines of a post-mortem form, with what the ticket tells filled in",
        "is_repeated": "whether this person has had a mail like this one about the ticket before",
        "guide": "list: lines of the category's troubleshooting guide",
        "incident": "number of the incident, or empty",
        "members": "list: the tickets of the incident, each with its client",
        "member_count": "how many there are",
        "skipped": "list: tickets that were proposed with the others and are not in the incident, each with its client",
        "left_out": "how many of them are not listed, or empty",
        "is_joining": "whether similar new tickets join the incident by themselves",
        "clients": "of a proposal: how many different clients wrote, or empty",
        "proven": "of a proposal: how many of them our own server vouches for, or empty",
        "is_unproven": "of a proposal: whether there are others",
        "since": "of a proposal: when the first of them wrote, in words, or empty",
        "window": "of a proposal: the time within which they wrote, such as 30 min, or empty",
        "usual": "of a proposal: how many such mails are usual in that time, or empty",
        "rarity": "of a proposal: how rarely chance brings as many, such as 3 years, or empty",
        "shared_words": "of a proposal: the words that the mails share, or empty",
        "told": "of a proposal that has grown: how many tickets it had when the lead was asked last, or empty",
        "commands": "list: the commands that a TSM can give, each with what it takes, a few on a line",
    },
)

RELAY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "answer": "the words of the TSM, a list of lines",
        "author": "name of the TSM",
        "is_shared": "whether the words go to every client of an incident, and greet nobody themselves",
        "is_closing": "whether the ticket is closed with these words",
    },
)


def names_for(kind: str) -> frozenset[str]:
    """All names of a mail of this kind."""
    if KINDS[kind].audience != CLIENT:
        return frozenset({**CLIENT_NAMES, **HOUSE_NAMES})
    return frozenset({**CLIENT_NAMES, **RELAY_NAMES} if KINDS[kind].is_relay else CLIENT_NAMES)
