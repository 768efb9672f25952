"""Numbers of papers and things: invoices, orders, customers, devices; a number alone says nothing, so its name stands before it."""

import re
from collections.abc import Iterator, Sequence

from maild.process.gathering.material import Material, Place

_LEAST_DIGITS = 3
_YEAR = re.compile(r"(?:19|20)\d\d")


def _behind(words: Sequence[str]) -> re.Pattern[str]:
    """Match a number behind one of the words in lower case, with `No.`, `is` and the like between them."""
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(words)})(?:[ \t.-]{{0,2}}(?:number|numbers|no|nr|num|nummer|num[ée]ro|n[uú]mero|n[°ºo]|id|tag|is|was|ist|lautet|est|es|and|und|et|y|[:#=(])(?![a-z])){{0,4}}"
        r"[ \t.:#]{0,3}(?P<number>[a-z]{0,6}[-/]?\d[\w/-]{1,24})(?![\w%€$£]|[.,]\d| ?(?:€|\$|eur|usd))"
    )


_INVOICE = _behind(
    (
        "invoices?",
        "bill",
        "credit note",
        "rechnungs?",
        "rechnung",
        "gutschrift",
        "factures?",
        "avoir",
        "facturas?",
        "abono",
    )
)
_ORDER = _behind(
    (
        "orders?",
        "purchase order",
        "po",
        "bestellung",
        "bestell",
        "auftrags?",
        "commande",
        "bon de commande",
        "pedidos?",
        "orden de compra",
    )
)
_CUSTOMER = _behind(
    (
        "customer",
        "client",
        "account",
        "acc?(?:t|ount)?\\.?",
        "contract",
        "member",
        "kunden",
        "konto",
        "vertrags?",
        "compte",
        "contrat",
        "cliente",
        "cuenta",
        "contrato",
    )
)
_SERIAL = _behind(
    (
        "serial",
        "s/?n",
        "asset",
        "asset tag",
        "inventory",
        "service tag",
        "(?:sticker|aufkleber|étiquette|etiqueta)(?: (?:on it |says|reads|sagt|dit|dice)){0,2}",
        "serien",
        "inventar",
        "ger[äa]te",
        "(?:num[ée]ro|n°) de s[ée]rie",
        "(?:n[úu]mero|n[°º]) de serie",
        "inventaire",
        "inventario",
    )
)


def find_invoice_numbers(material: Material, /) -> Iterator[Place]:
    """Give numbers of invoices and credit notes."""
    return _find(_INVOICE, material)


def find_order_numbers(material: Material, /) -> Iterator[Place]:
    """Give numbers of orders and purchase orders."""
    return _find(_ORDER, material)


def find_customer_numbers(material: Material, /) -> Iterator[Place]:
    """Give numbers of customers, accounts and contracts."""
    return _find(_CUSTOMER, material)


def find_serial_numbers(material: Material, /) -> Iterator[Place]:
    """Give serial and asset numbers of devices."""
    return _find(_SERIAL, material)


def _find(pattern: re.Pattern[str], material: Material) -> Iterator[Place]:
    for found in pattern.finditer(material.lower):
        number = found["number"].rstrip("-/_")
        # "order 2026" and "account 12" are a year and a count.
        if sum(map(str.isdigit, number)) >= _LEAST_DIGITS and not _YEAR.fullmatch(number):
            start = found.start("number")
            yield Place.of(material, (start, start + len(number)))
