"""An occasion to the values of the names that a template may use (`names`)."""

from collections.abc import Mapping
from datetime import timezone

from maild.process.incident import greets
from maild.process.ticket import Status
from maild.process.token import subject_tag
from maild.replies import lasting, others
from maild.replies.about_mail import about_mail
from maild.replies.discreet import discreet
from maild.replies.dossier import letter_lines, moment_lines, sent_lines
from maild.replies.incident import about_incident
from maild.replies.kinds import KINDS
from maild.replies.learning import fix_lines
from maild.replies.moment import in_words
from maild.replies.names import Scene
from maild.replies.offers import offer_lines
from maild.replies.plain import WHOLE, one_line, some_lines
from maild.replies.questions import question_lines
from maild.replies.reply import Occasion
from maild.replies.reply_address import reply_address
from maild.replies.subject import base_subject, is_of_tap
from maild.replies.voice import Voice
from maild.replies.words import WORDS

NAME_LIMIT = 80
GREETING_LIMIT = 40


def set_scene(occasion: Occasion, voice: Voice, language: str) -> Scene:
    """Every name that a template of the occasion's kind may use, with its value."""
    shared = _shared(occasion, voice, language)
    if occasion.is_to_client:
        return {**shared, **_about_answer(occasion)} if KINDS[occasion.kind].is_relay else shared
    return {
        **shared,
        **_about_ticket(occasion, voice, language),
        **about_mail(occasion, voice, language),
        **_about_house(occasion, voice, language),
        **about_incident(occasion.incident, voice.desk, now=occasion.now, zone=voice.zone, language=language),
    }


def recipient_name(occasion: Occasion) -> str:
    """The recipient's name, as it may be shown to them; empty if there is none, or if it advertises something."""
    name = one_line(occasion.recipient.name, NAME_LIMIT)
    if not occasion.is_to_client or _may_see_own_words(occasion):
        return name
    return name if discreet(name) == name else ""


def _may_see_own_words(occasion: Occasion) -> bool:
    """Whether the recipient is the proven author of the mail: only then are own words repeated in full."""
    return occasion.is_proven and occasion.is_to_author


def _shared(occasion: Occasion, voice: Voice, language: str) -> Scene:
    ticket, desk = occasion.ticket, voice.desk
    subject = _subject(occasion, desk.prefix)
    untitled = WORDS.get(language, WORDS["en"]).untitled
    due = ticket.next_update_due_at
    return {
        "desk": desk.name,
        "desk_address": desk.address,
        "number": desk.show(ticket.number),
        "tag": subject_tag(desk.prefix, ticket.number, None if desk.subaddress else occasion.token),
        "subject": subject,
        "title": subject or untitled,
        "name": _greeted(recipient_name(occasion)),
        "due": in_words(due, now=occasion.now, zone=voice.zone, language=language) if due else "",
        "eta": _estimate(occasion, voice, language),
        "opened": in_words(ticket.opened_at, now=occasion.now, zone=voice.zone, language=language),
        "category": _category(occasion, voice, language),
        "team": ticket.team or "",
        "is_technical": ticket.technical is True,
        "is_resolved": ticket.status is Status.RESOLVED,
        "is_open": ticket.status is Status.OPEN,
        "is_closed": ticket.status is Status.CLOSED,
        "asked": question_lines(ticket.sheet, language) if ticket.status is Status.GATHERING else [],
        "taps": offer_lines(occasion, voice, language) if occasion.is_to_client else [],
        "is_undecided": ticket.status is Status.NEW,
        "is_known": occasion.is_known,
        "helped": fix_lines(occasion.articles) if occasion.kind == "acknowledgement" else [],
    }


def _estimate(occasion: Occasion, voice: Voice, language: str) -> str:
    """In the client's own time where it is known to be another one than the desk's."""
    eta, offset = occasion.ticket.eta_at, occasion.offset
    if eta is None or eta <= occasion.now:
        return ""
    is_elsewhere = occasion.is_to_client and offset is not None and offset != eta.astimezone(voice.zone).utcoffset()
    zone = timezone(offset) if offset is not None and is_elsewhere else voice.zone
    return in_words(eta, now=occasion.now, zone=zone, language=language)


def _about_answer(occasion: Occasion) -> Scene:
    answer, _ = some_lines(occasion.words, characters=WHOLE, lines=WHOLE)
    is_shared = occasion.is_shared and not greets(occasion.words)
    author = one_line(occasion.author_name, NAME_LIMIT)
    return {"answer": answer, "author": author, "is_shared": is_shared, "is_closing": occasion.is_closing}


def _category(occasion: Occasion, voice: Voice, language: str) -> str:
    """The title, once decided; to a client only in the language that the admin wrote it in."""
    ticket = occasion.ticket
    is_foreign = occasion.is_to_client and language != voice.desk.languages[0]
    if ticket.category is None or ticket.status is Status.NEW or is_foreign:
        return ""
    category = voice.categories.get(ticket.category)
    return category.title if category else ticket.category


def _greeted(name: str) -> str:
    """The name where it reads as one behind a greeting; `Smith, Ann`, `Acme, Inc.` and addresses do not."""
    return name if len(name) <= GREETING_LIMIT and not set(name) & set(",;@<>()[]{}|/\\_0123456789") else ""


def _subject(occasion: Occasion, prefix: str) -> str:
    newest = base_subject(occasion.client_subject, prefix) if occasion.is_to_client else ""
    is_own = newest and not is_of_tap(newest, prefix)
    subject = newest if is_own else base_subject(occasion.ticket.subject, prefix)
    is_repeatable = not occasion.is_to_client or _may_see_own_words(occasion)
    return subject if is_repeatable else discreet(subject)


def _about_ticket(occasion: Occasion, voice: Voice, language: str) -> Scene:
    ticket, team, scales = occasion.ticket, voice.team, voice.priorities
    lead = team.leads[0]
    taker = next((other for other in team.others if other.name == ticket.team), None)
    names = WORDS[language].languages if language in WORDS else {}
    name = one_line(ticket.client_name, NAME_LIMIT)
    return {
        "client": f"{name} <{ticket.client}>" if name else ticket.client,
        "client_address": ticket.client,
        "bcc_address": reply_address(occasion, voice) if voice.desk.subaddress else "",
        "priority": _in_scale(scales.titles, ticket.priority),
        "urgency": _in_scale(scales.urgency, ticket.urgency),
        "impact": _in_scale(scales.impact, ticket.impact),
        "language": names.get(ticket.language, ticket.language),
        "assignee": ticket.assignee or "",
        "lasted": lasting.in_words(occasion.lasted, language),
        "others": others.in_words(occasion.others, voice.desk, language),
        "organisation": others.organisation(occasion.others),
        "colleagues": others.colleagues_in_words(occasion.others, voice.desk, language),
        "lead": lead.name,
        "lead_address": lead.addresses[0],
        "team_address": taker.address if taker else "",
        "is_for_team": team.other_at(occasion.recipient.address) is not None,
    }


def _about_house(occasion: Occasion, voice: Voice, language: str) -> Scene:
    """What the house says to itself, and to whom a held mail would go; of a dossier the attachments are the client's, not those of the mail that caused it."""
    said, _ = some_lines(occasion.words, characters=WHOLE, lines=WHOLE)
    dossier, silent = occasion.dossier, occasion.silent_until
    return {
        "said": said,
        "silent_until": in_words(silent, now=occasion.now, zone=voice.zone, language=language) if silent else "",
        "said_by": one_line(occasion.author_name, NAME_LIMIT),
        "readers": one_line(", ".join(occasion.readers), WHOLE),
        "is_for_incident": occasion.is_shared,
        "conversation": letter_lines(dossier, voice.zone, language),
        "timeline": moment_lines(dossier, voice.zone, language),
        **({"attachments": sent_lines(dossier, language)} if dossier else {}),
    }


def _in_scale(scale: Mapping[int, str], value: int | None) -> str:
    return "" if value is None else scale.get(value, str(value)).rstrip(".")
