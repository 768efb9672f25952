"""Offer: what the reader of a mail can do with one tap, each with a token of its own for person and action."""

from maild.desk.happening import Happening
from maild.desk.transaction import Transaction
from maild.mail.message import Address
from maild.process.token import make_token
from maild.replies.reply import Offer
from maild.store.actions import Action, add_actions


def make_offers(transaction: Transaction, happening: Happening, kind: str, recipient: Address) -> tuple[Offer, ...]:
    """The taps of a mail of this kind; they are remembered in the transaction that writes the mail."""
    if kind != "confirm" or happening.cause.mail is None:
        return ()
    return (_offer(transaction, happening, recipient, word="release", releases=happening.cause.mail),)


def _offer(
    transaction: Transaction,
    happening: Happening,
    recipient: Address,
    *,
    word: str,
    detail: str = "",
    orders: str = "",
    releases: int | None = None,
) -> Offer:
    number = happening.ticket.number
    token = make_token(
        transaction.key_id,
        transaction.key,
        ticket=number,
        recipient=recipient.address,
        cause=f"{happening.cause_in_words} tap {word} {detail}",
    )
    action = Action(token=token, ticket=number, person=recipient.key, orders=orders, mail=releases)
    add_actions(transaction.together, [action], now=transaction.now)
    return Offer(word=word, detail=detail, token=token)
