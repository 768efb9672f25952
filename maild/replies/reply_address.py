"""Where an answer to a mail of ours goes."""

from maild.process.token import address_part
from maild.replies.reply import Occasion
from maild.replies.voice import Voice


def reply_address(occasion: Occasion, voice: Voice) -> str:
    """Where an answer goes: with the token where the server delivers sub-addresses."""
    local, _, domain = voice.desk.address.rpartition("@")
    if not voice.desk.subaddress:
        return voice.desk.address
    return f"{local}{voice.desk.subaddress}{address_part(occasion.ticket.number, occasion.token)}@{domain}"
