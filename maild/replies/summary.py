"""The summary that stands for many notices to one person of the desk: one mail, a line for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from maild.mail.message import Address
from maild.replies.house_mail import compose_from_desk, own_language
from maild.replies.plain import one_line
from maild.replies.reply import HouseMail
from maild.replies.typography import french
from maild.replies.voice import Voice
from maild.replies.words import colon

KIND = "summary"
SUBJECT_LIMIT, CLIENT_LIMIT = 100, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One notice of a summary."""

    number: int
    kind: str
    client: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's."""

    subject: str
    opening: str
    closing: str
    kinds: Mapping[str, str]


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="{count} notices in one summary",
            opening="So many notices came within an hour that a mail for each would have been a flood. "
            "Here are the rest, in order:",
            closing="Every ticket is in its place and has its clock; maild show NUMBER shows everything about it.",
            kinds={
                "assignment": "new ticket",
                "reassigned": "no longer yours to work on",
                "confirm": "held in your name",
                "update_due_soon": "update due soon",
                "client_silent": "no answer from the client",
                "gathering_ended": "missing details did not come",
                "service_level_breached": "service level missed",
                "update_overdue": "update overdue",
                "hand_off_unclaimed": "hand-off not confirmed",
                "taken_back": "taken back from you",
                "delivery_failed": "mail not delivered",
                "incident_joined": "joined an incident",
            },
        ),
        "de": _Words(
            subject="{count} Hinweise in einer Übersicht",
            opening="In einer Stunde kamen so viele Hinweise, dass eine Mail für jeden eine Flut gewesen wäre. "
            "Dies sind die übrigen, der Reihe nach:",
            closing="Jedes Ticket ist an seinem Platz und hat seine Frist; maild show NUMMER sagt alles darüber.",
            kinds={
                "assignment": "neues Ticket",
                "reassigned": "nicht mehr bei Ihnen",
                "confirm": "in Ihrem Namen, zurückgehalten",
                "update_due_soon": "Zwischenstand bald fällig",
                "client_silent": "keine Antwort vom Kunden",
                "gathering_ended": "weiter mit dem, was da ist",
                "service_level_breached": "Servicezeit überschritten",
                "update_overdue": "Zwischenstand überfällig",
                "hand_off_unclaimed": "Übergabe nicht bestätigt",
                "taken_back": "von Ihnen zurückgenommen",
                "delivery_failed": "Mail nicht zugestellt",
                "incident_joined": "gehört jetzt zu einer Störung",
            },
        ),
        "fr": french(
            _Words(
                subject="{count} avis en un seul résumé",
                opening="Un message pour chaque avis aurait été un déluge, tant il en est venu en une heure. "
                "Voici les autres, dans leur ordre :",
                closing="Chaque ticket est à sa place et garde son échéance ; maild show NUMÉRO en dit tout.",
                kinds={
                    "assignment": "nouveau ticket",
                    "reassigned": "n'est plus à votre charge",
                    "confirm": "retenu, à votre nom",
                    "update_due_soon": "nouvelles bientôt dues",
                    "client_silent": "pas de réponse du client",
                    "gathering_ended": "continuer avec ce qui est connu",
                    "service_level_breached": "niveau de service dépassé",
                    "update_overdue": "nouvelles en retard",
                    "hand_off_unclaimed": "transfert non confirmé",
                    "taken_back": "repris à votre équipe",
                    "delivery_failed": "message non remis",
                    "incident_joined": "rattaché à un incident",
                },
            )
        ),
        "es": _Words(
            subject="{count} avisos en un solo resumen",
            opening="Llegaron tantos avisos en una hora que un mensaje por cada uno habría sido una avalancha. "
            "Estos son los demás, en su orden:",
            closing="Cada ticket está en su sitio y conserva su plazo; maild show NÚMERO lo cuenta todo.",
            kinds={
                "assignment": "ticket nuevo",
                "reassigned": "ya no está a su cargo",
                "confirm": "retenido, en su nombre",
                "update_due_soon": "novedades próximas",
                "client_silent": "sin respuesta del cliente",
                "gathering_ended": "seguir con lo que hay",
                "service_level_breached": "nivel de servicio incumplido",
                "update_overdue": "novedades atrasadas",
                "hand_off_unclaimed": "traspaso sin confirmar",
                "taken_back": "recuperado de su equipo",
                "delivery_failed": "mensaje no entregado",
                "incident_joined": "unido a una incidencia",
            },
        ),
    }
)


def compose_summary(
    lines: Sequence[Line], voice: Voice, *, recipient: Address, message_id: str, now: datetime
) -> HouseMail:
    """Write the mail, in the desk's own language. An answer to it is about no ticket: it carries no token."""
    language, words = own_language(voice, _WORDS)
    items = "\n".join(f"- {_line(line, voice, words, colon(language))}" for line in lines)
    return compose_from_desk(
        voice,
        (words.opening, items, words.closing),
        language=language,
        subject=words.subject.format(count=len(lines)),
        recipient=recipient,
        message_id=message_id,
        now=now,
    )


def _line(line: Line, voice: Voice, words: _Words, colon: str) -> str:
    what = words.kinds.get(line.kind, line.kind.replace("_", " "))
    client, subject = one_line(line.client, CLIENT_LIMIT), one_line(line.subject, SUBJECT_LIMIT)
    return ", ".join(filter(None, (f"{voice.desk.show(line.number)}{colon} {what}", client, subject)))
