"""A tap in the question whose ticket it is that did nothing: its owner hears why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from maild.mail.message import Address
from maild.replies.house_mail import own_language, render
from maild.replies.plain import one_line
from maild.replies.reasons.saying import say
from maild.replies.reply import HouseMail
from maild.replies.typography import french
from maild.replies.voice import Voice
from maild.replies.whose import SUBJECT_LIMIT, name_answer

KIND = "idle_tap"
_REASON_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTap:
    """What was tapped, and why nothing was done."""

    message_id: str
    recipient: Address
    subject: str
    """Of the mail that the question is about."""

    word: str
    detail: str
    """As `Offer` has them."""

    because: str
    is_from_elsewhere: bool
    """It came from an address that is none of its owner's."""

    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's."""

    subject: str
    opening: str
    again: str
    """To whoever has tapped elsewhere."""

    sent: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="Nothing done: {subject}",
            opening="A tap on “{answer}”, in answer to our question whose ticket this message is, had no effect. The reason:",
            again="If it was you, tap again in that question, from the address it was sent to; until then the message "
            "is held. If it was not you, do nothing.",
            sent="This message was sent automatically.",
        ),
        "de": _Words(
            subject="Nichts geschehen: {subject}",
            opening="Ein Klick auf „{answer}“ in der Frage, wessen Ticket diese Nachricht ist, hat nichts bewirkt, und zwar aus "
            "diesem Grund:",
            again="Wenn Sie es waren, klicken Sie in dieser Frage noch einmal, von der Adresse aus, an die sie ging: So lange wird die "
            "Nachricht zurückgehalten. Wenn Sie es nicht waren, brauchen Sie nichts zu tun.",
            sent="Diese Nachricht wurde automatisch versandt.",
        ),
        "fr": french(
            _Words(
                subject="Rien n'a été fait : {subject}",
                opening="Un clic sur « {answer} », dans la question qui demande à qui est ce ticket, n'a rien fait, pour cette raison :",
                again="Si c'était vous, refaites-le dans cette question, depuis l'adresse à laquelle elle a été envoyée : d'ici là, le "
                "message est retenu. Sinon, ne faites rien.",
                sent="Ce message a été envoyé automatiquement.",
            )
        ),
        "es": _Words(
            subject="No se ha hecho nada: {subject}",
            opening="Un toque en «{answer}», en la pregunta de quién es este ticket, no ha tenido efecto, por este motivo:",
            again="Si fue usted, toque otra vez en esa pregunta, desde la dirección a la que se envió: hasta entonces el mensaje está "
            "retenido. Si no fue usted, no haga nada.",
            sent="Este mensaje se ha enviado automáticamente.",
        ),
    }
)


def compose_idle_tap(tap: IdleTap, voice: Voice) -> HouseMail:
    """Write the mail, in the desk's own language. It carries no token."""
    language, words = own_language(voice, _WORDS)
    answer = name_answer(language, tap.word, tap.detail)
    paragraphs = (
        words.opening.format(answer=answer),
        f"- {one_line(say(tap.because, language), _REASON_LIMIT)}",
        *([words.again] if tap.is_from_elsewhere else []),
        f"--\n{voice.desk.name}\n{words.sent}",
    )
    return render(
        voice,
        language=language,
        subject=words.subject.format(subject=one_line(tap.subject, SUBJECT_LIMIT)).strip(),
        words="\n\n".join(paragraphs),
        recipient=tap.recipient,
        message_id=tap.message_id,
        now=tap.now,
    )
