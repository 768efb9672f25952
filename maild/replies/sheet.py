"""The sheet in words: what is known and what is missing, each kind by its name in the reader's language."""

from collections.abc import Mapping
from types import MappingProxyType

from maild.process.gathering.sheet import Sheet
from maild.replies.plain import one_line
from maild.replies.typography import french
from maild.replies.words import colon

LIMIT = 30
"""Lines."""

VALUE_LIMIT = 160
"""Characters of one value."""

KIND_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "application": {"en": "Application", "de": "Anwendung", "fr": "Application", "es": "Aplicación"},
        "version": {"en": "Version", "de": "Version", "fr": "Version", "es": "Versión"},
        "operating system": {
            "en": "Operating system",
            "de": "Betriebssystem",
            "fr": french("Système d'exploitation"),
            "es": "Sistema operativo",
        },
        "device": {"en": "Device", "de": "Gerät", "fr": "Appareil", "es": "Equipo"},
        "error message": {
            "en": "Error message",
            "de": "Fehlermeldung",
            "fr": french("Message d'erreur"),
            "es": "Mensaje de error",
        },
        "error code": {
            "en": "Error code",
            "de": "Fehlercode",
            "fr": french("Code d'erreur"),
            "es": "Código de error",
        },
        "stack trace": {
            "en": "Stack trace",
            "de": "Stapelverfolgung",
            "fr": french("Trace d'appels"),
            "es": "Traza de la pila",
        },
        "since when": {"en": "Since when", "de": "Seit wann", "fr": "Depuis quand", "es": "Desde cuándo"},
        "host": {"en": "Host", "de": "Rechnername", "fr": "Hôte", "es": "Servidor"},
        "ip address": {"en": "IP address", "de": "IP-Adresse", "fr": "Adresse IP", "es": "Dirección IP"},
        "url": {"en": "Page or service", "de": "Seite oder Dienst", "fr": "Page ou service", "es": "Página o servicio"},
        "path": {"en": "Path", "de": "Pfad", "fr": "Chemin", "es": "Ruta"},
        "address": {
            "en": "E-mail address",
            "de": "E-Mail-Adresse",
            "fr": "Adresse e-mail",
            "es": "Dirección de correo",
        },
        "screenshot": {
            "en": "Screenshot",
            "de": "Bildschirmfoto",
            "fr": french("Capture d'écran"),
            "es": "Captura de pantalla",
        },
        "log": {"en": "Log", "de": "Protokoll", "fr": "Journal", "es": "Registro"},
        "serial number": {
            "en": "Serial or asset number",
            "de": "Serien- oder Inventarnummer",
            "fr": french("Numéro de série ou d'inventaire"),
            "es": "Número de serie o de inventario",
        },
        "customer number": {
            "en": "Customer number",
            "de": "Kundennummer",
            "fr": "Numéro de client",
            "es": "Número de cliente",
        },
        "order number": {
            "en": "Order number",
            "de": "Bestellnummer",
            "fr": "Numéro de commande",
            "es": "Número de pedido",
        },
        "invoice number": {
            "en": "Invoice number",
            "de": "Rechnungsnummer",
            "fr": "Numéro de facture",
            "es": "Número de factura",
        },
        "amount": {"en": "Amount", "de": "Betrag", "fr": "Montant", "es": "Importe"},
    }
)
"""Kind of information to language to name."""


def sheet_lines(sheet: Sheet | None, language: str) -> list[str]:
    """What is known, one line for each thing."""
    found = sheet.found if sheet else ()
    return [
        f"{_name(each.kind, language)}{colon(language)} {one_line(each.value, VALUE_LIMIT)}" for each in found[:LIMIT]
    ]


def missing_lines(sheet: Sheet | None, language: str) -> list[str]:
    """What is missing, by name."""
    return [_name(kind, language) for kind in sheet.missing] if sheet else []


def _name(kind: str, language: str) -> str:
    """The kind's name; in a language that the admin added, the English one."""
    names = KIND_NAMES[kind]
    return names.get(language, names["en"])
