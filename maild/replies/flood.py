"""The alarm to the leads that more mail comes than may be answered: a flood, or an hour in which everybody writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from maild.mail.message import Address
from maild.replies.house_mail import compose_from_desk, own_language
from maild.replies.plain import one_line
from maild.replies.reasons.saying import say
from maild.replies.reply import HouseMail
from maild.replies.typography import french
from maild.replies.voice import Voice

REASON_LIMIT = 500
COMMAND = "`maild tickets --unacknowledged`"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """One language's."""

    subject: str
    opening: str
    waiting: str
    order: str
    after: str
    closing: str


_WORDS: Mapping[str, _Words] = MappingProxyType(
    {
        "en": _Words(
            subject="more mail than maild may acknowledge",
            opening="So much mail is arriving that maild has begun to withhold acknowledgements. Nothing is lost: each mail becomes a "
            "ticket, and the ticket says that its acknowledgement was withheld. The first reason:",
            waiting="Mails waiting to be taken in: {count}.",
            order="Replies to existing tickets, clients the desk knows and authors your mail server vouches for do not wait "
            "behind the others, and a share of the acknowledgements is kept for them.",
            after="What was withheld is not sent later, because nobody can tell an honest stranger from a forged one: {command} lists the clients "
            "who have heard nothing, and your answer is the first that they get.",
            closing="If the mail is forged, have your mail server stop it. If it really is your clients writing, raise the limit in "
            "process.toml. You get this mail once a day at most.",
        ),
        "de": _Words(
            subject="mehr Mail, als maild bestätigen darf",
            opening="Es kommt so viel Mail, dass maild begonnen hat, Eingangsbestätigungen zurückzuhalten. Nichts geht verloren: Jede Mail wird "
            "ein Ticket, und darin steht, dass die Bestätigung zurückgehalten wurde. Der erste Grund:",
            waiting="Mails, die noch auf ihre Aufnahme warten: {count}.",
            order="Wer in einem laufenden Ticket antwortet, bekannte Kunden und Absender, für die Ihr Mailserver bürgt, warten nicht "
            "hinter den anderen, und ein Teil der Bestätigungen bleibt ihnen vorbehalten.",
            after="Was zurückgehalten wurde, wird nicht nachgeholt, denn niemand kann einen ehrlichen Fremden von einem gefälschten Absender unterscheiden: "
            "Kunden, die noch nichts gehört haben, nennt {command}, und Ihre Antwort ist die erste, die sie bekommen.",
            closing="Ist die Mail gefälscht, lassen Sie sie vom Mailserver aufhalten. Schreiben Ihre Kunden so viel, heben Sie die Grenze "
            "in process.toml an. Diese Mail bekommen Sie höchstens einmal am Tag.",
        ),
        "fr": french(
            _Words(
                subject="plus de messages que maild ne peut en confirmer",
                opening="Il arrive tant de messages que maild a commencé à retenir des accusés de réception. Rien n'est perdu : chaque "
                "message devient un ticket, qui indique que son accusé de réception a été retenu. La première raison :",
                waiting="Messages en attente de prise en charge : {count}.",
                order="Ceux qui répondent dans un ticket en cours, les clients connus et les auteurs dont votre serveur de messagerie se "
                "porte garant n'attendent pas derrière les autres, et une part des accusés de réception leur est réservée.",
                after="Ce qui a été retenu n'est pas rattrapé, car personne ne peut distinguer un inconnu honnête d'une adresse falsifiée : "
                "{command} donne la liste des clients qui n'ont rien reçu, et votre réponse est la première qui leur parvient.",
                closing="Si ces messages sont falsifiés, faites-les arrêter par votre serveur de messagerie. Si ce sont vos clients qui écrivent, relevez "
                "la limite dans process.toml. Vous recevez ce message une fois par jour au plus.",
            )
        ),
        "es": _Words(
            subject="más mensajes de los que maild puede confirmar",
            opening="Llegan tantos mensajes que maild ha empezado a retener acuses de recibo. No se pierde nada: cada mensaje se convierte en "
            "un ticket, que indica que su acuse de recibo fue retenido. El primer motivo:",
            waiting="Mensajes que esperan su turno: {count}.",
            order="Quienes responden en un ticket en curso, los clientes conocidos y los autores por los que responde su servidor de correo no esperan "
            "detrás de los demás, y una parte de los acuses de recibo queda reservada para ellos.",
            after="Lo que se retuvo no se envía después, porque nadie puede distinguir a un desconocido honesto de un autor falso: "
            "{command} muestra los clientes que no han recibido nada, y su respuesta es la primera que les llega.",
            closing="Si los mensajes son falsos, haga que su servidor de correo los detenga. Si son sus clientes quienes escriben, suba el límite en "
            "process.toml. Este mensaje le llega como mucho una vez al día.",
        ),
    }
)


def compose_flood(
    because: str, waiting: int, voice: Voice, *, recipient: Address, message_id: str, now: datetime
) -> HouseMail:
    """Write the mail, in the desk's own language; `waiting`: mails that have not been taken in."""
    language, words = own_language(voice, _WORDS)
    reason, waits = f"> {one_line(say(because, language), REASON_LIMIT)}", words.waiting.format(count=waiting)
    after = words.after.format(command=COMMAND)
    return compose_from_desk(
        voice,
        (words.opening, reason, waits, words.order, after, words.closing),
        language=language,
        subject=words.subject,
        recipient=recipient,
        message_id=message_id,
        now=now,
    )
