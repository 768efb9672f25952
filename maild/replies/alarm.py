"""The alarms to the leads: what stands still until a person does something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from maild.mail.message import Address
from maild.replies.house_mail import compose_from_desk, own_language
from maild.replies.plain import one_line
from maild.replies.reply import HouseMail
from maild.replies.typography import french
from maild.replies.voice import Voice

KIND = "alarm"
REASON_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's."""

    subject: str
    opening: str
    closing: str


_MAILBOX: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="maild cannot open the mailbox {named}",
            opening="Mail that arrives there waits on the server and is not answered. Nothing is lost: as soon as maild gets in "
            "again, it takes everything in. The server says:",
            closing="maild keeps trying by itself. maild check tries every part and names the cure for each. You get this mail "
            "once a day at most.",
        ),
        "de": _Words(
            subject="maild kommt nicht in das Postfach {named}",
            opening="Was dort eintrifft, wartet auf dem Server und wird nicht beantwortet. Nichts geht verloren: Sobald maild "
            "wieder hineinkommt, nimmt es alles auf. Der Server sagt:",
            closing="maild versucht es von selbst weiter. maild check prüft jeden Teil und nennt jeweils die Abhilfe. Diese Mail "
            "bekommen Sie höchstens einmal am Tag.",
        ),
        "fr": french(
            _Words(
                subject="maild ne peut pas ouvrir la boîte {named}",
                opening="Les messages qui y arrivent attendent sur le serveur et restent sans réponse. Rien n'est perdu : dès que maild "
                "y accède de nouveau, il les prend tous. Le serveur dit :",
                closing="maild continue d'essayer de lui-même. maild check essaie chaque partie et nomme le remède. Vous recevez ce message "
                "une fois par jour au plus.",
            )
        ),
        "es": _Words(
            subject="maild no puede abrir el buzón {named}",
            opening="Los mensajes que llegan allí esperan en el servidor y quedan sin respuesta. No se pierde nada: en cuanto maild "
            "vuelva a entrar, los recogerá todos. El servidor dice:",
            closing="maild lo sigue intentando por sí mismo. maild check prueba cada parte y nombra el remedio. Este mensaje le "
            "llega como mucho una vez al día.",
        ),
    }
)

_TOKEN: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="maild cannot renew its log-in ({named})",
            opening="The provider does not give maild a new token. When the current one expires, mail has to wait: incoming mail on the "
            "server, outgoing mail in the outbox. Nothing is lost. The provider says:",
            closing="maild keeps trying by itself. What to do is said above; maild check tests it. You get this mail once a day "
            "at most.",
        ),
        "de": _Words(
            subject="maild kann seine Anmeldung nicht erneuern ({named})",
            opening="Der Anbieter gibt maild kein neues Token. Sobald das jetzige abläuft, warten die Mails: was eintrifft, auf dem "
            "Server; was hinausgehen soll, in maild. Nichts geht verloren. Der Anbieter sagt:",
            closing="maild versucht es von selbst weiter. Was zu tun ist, steht oben; maild check prüft es. Diese Mail bekommen "
            "Sie höchstens einmal am Tag.",
        ),
        "fr": french(
            _Words(
                subject="maild ne peut pas renouveler sa connexion ({named})",
                opening="Le fournisseur ne donne plus de jeton à maild. Dès que le jeton actuel expirera, les messages attendront : ceux "
                "qui arrivent, sur le serveur ; ceux à envoyer, dans maild. Rien n'est perdu. Le fournisseur dit :",
                closing="maild continue d'essayer de lui-même. Ce qu'il faut faire est indiqué ci-dessus ; maild check le vérifie. "
                "Vous recevez ce message une fois par jour au plus.",
            )
        ),
        "es": _Words(
            subject="maild no puede renovar su acceso ({named})",
            opening="El proveedor ya no da ningún token a maild. En cuanto caduque el actual, los mensajes esperarán: los que "
            "llegan, en el servidor; los que han de salir, en maild. No se pierde nada. El proveedor dice:",
            closing="maild lo sigue intentando por sí mismo. Lo que hay que hacer está arriba; maild check lo comprueba. Este "
            "mensaje le llega como mucho una vez al día.",
        ),
    }
)


class Topic(StrEnum):
    """What an alarm is about."""

    MAILBOX = "mailbox"
    """It cannot be opened."""

    TOKEN = "token"  # noqa: S105  # a word
    """It cannot be renewed."""


_WORDS: Mapping[Topic, Mapping[str, _Words]] = MappingProxyType({Topic.MAILBOX: _MAILBOX, Topic.TOKEN: _TOKEN})


def compose_alarm(
    topic: Topic, named: str, because: str, voice: Voice, *, recipient: Address, message_id: str, now: datetime
) -> HouseMail:
    """Write the mail, in the desk's own language; `named`: which mailbox, or which section of the configuration."""
    language, words = own_language(voice, _WORDS[topic])
    return compose_from_desk(
        voice,
        (words.opening, f"> {one_line(because, REASON_LIMIT)}", words.closing),
        language=language,
        subject=words.subject.format(named=named),
        recipient=recipient,
        message_id=message_id,
        now=now,
    )
