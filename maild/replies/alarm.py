"""The alarm to the leads: a mailbox that maild cannot open until a person does something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from maild.mail.message import Address
from maild.replies.house_mail import own_language, render
from maild.replies.plain import one_line
from maild.replies.reply import HouseMail
from maild.replies.voice import Voice
from maild.replies.words import colon

KIND = "alarm"
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's."""

    subject: str
    opening: str
    closing: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="maild cannot open the mailbox {mailbox}",
            opening="Mail that arrives there waits on the server and is not answered. Nothing is lost: as soon as maild gets in "
            "again, it takes in everything. The server says:",
            closing="maild goes on trying by itself. maild check tries every part and names the cure of each. You get this mail "
            "once a day at most.",
        ),
        "de": _Words(
            subject="maild kommt nicht in das Postfach {mailbox}",
            opening="Was dort eintrifft, wartet auf dem Server und wird nicht beantwortet. Nichts geht verloren: Sobald maild "
            "wieder hineinkommt, nimmt es alles auf. Der Server sagt:",
            closing="maild versucht es von selbst weiter. maild check prüft jeden Teil und nennt jeweils die Abhilfe. Diese Mail "
            "bekommen Sie höchstens einmal am Tag.",
        ),
        "fr": _Words(
            subject="maild ne peut pas ouvrir la boîte {mailbox}",
            opening="Les messages qui y arrivent attendent sur le serveur et restent sans réponse. Rien n\N{RIGHT SINGLE QUOTATION MARK}est perdu\N{NO-BREAK SPACE}: dès que maild "
            "y accède de nouveau, il les prend tous. Le serveur dit\N{NO-BREAK SPACE}:",
            closing="maild continue d\N{RIGHT SINGLE QUOTATION MARK}essayer de lui-même. maild check essaie chaque partie et nomme le remède. Vous recevez ce message "
            "une fois par jour au plus.",
        ),
        "es": _Words(
            subject="maild no puede abrir el buzón {mailbox}",
            opening="Los mensajes que llegan allí esperan en el servidor y quedan sin respuesta. No se pierde nada: en cuanto maild "
            "vuelva a entrar, los recogerá todos. El servidor dice:",
            closing="maild lo sigue intentando por sí mismo. maild check prueba cada parte y nombra el remedio. Este mensaje le "
            "llega como mucho una vez al día.",
        ),
    }
)


def compose_alarm(
    mailbox: str, because: str, voice: Voice, *, recipient: Address, message_id: str, now: datetime
) -> HouseMail:
    """Write the mail, in the desk's own language."""
    language, words = own_language(voice, _WORDS)
    subject = f"{voice.desk.name}{colon(language)} {words.subject.format(mailbox=mailbox)}"
    reason = one_line(because, REASON_LIMIT)
    said = f"{words.opening}\n\n> {reason}\n\n{words.closing}\n\n--\n{voice.desk.name}\n"
    return render(
        voice, language=language, subject=subject, words=said, recipient=recipient, message_id=message_id, now=now
    )
