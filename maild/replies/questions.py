"""What is missing, as questions to the client: in a layman's words, and such that none hurts where it does not apply."""

from collections.abc import Mapping
from types import MappingProxyType

from maild.process.gathering.sheet import Sheet
from maild.replies.typography import french

QUESTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "application": {
            "en": "Which program, app or website is it about?",
            "de": "Um welches Programm, welche App oder welche Website geht es?",
            "fr": french("De quel programme, de quelle application ou de quel site s'agit-il ?"),
            "es": "¿De qué programa, aplicación o sitio web se trata?",
        },
        "version": {
            "en": "Which version of the program do you use, if you can see it?",
            "de": "Welche Version des Programms verwenden Sie, falls Sie sie sehen können?",
            "fr": french("Quelle version du programme utilisez-vous, si vous la voyez ?"),
            "es": "¿Qué versión del programa utiliza, si la puede ver?",
        },
        "operating system": {
            "en": "Which system does your device run (such as Windows 11, macOS or Android)?",
            "de": "Welches System läuft auf Ihrem Gerät (etwa Windows 11, macOS oder Android)?",
            "fr": french("Sous quel système tourne votre appareil (par exemple Windows 11, macOS ou Android) ?"),
            "es": "¿Qué sistema tiene su equipo (por ejemplo, Windows 11, macOS o Android)?",
        },
        "device": {
            "en": "Which device is it about? Make and model, if you know them.",
            "de": "Um welches Gerät geht es? Hersteller und Modell, falls Sie sie kennen.",
            "fr": french("De quel appareil s'agit-il ? La marque et le modèle, si vous les connaissez."),
            "es": "¿De qué equipo se trata? La marca y el modelo, si los conoce.",
        },
        "error message": {
            "en": "If you see an error message: its exact words, or a picture of the screen.",
            "de": "Falls Sie eine Fehlermeldung sehen: ihr genauer Wortlaut oder ein Bild des Bildschirms.",
            "fr": french("Si un message d'erreur s'affiche : son texte exact, ou une capture d'écran."),
            "es": "Si aparece un mensaje de error: su texto exacto, o una imagen de la pantalla.",
        },
        "error code": {
            "en": "If you see an error code: which one?",
            "de": "Falls Sie einen Fehlercode sehen: welchen?",
            "fr": french("Si un code d'erreur s'affiche : lequel ?"),
            "es": "Si aparece un código de error: ¿cuál?",
        },
        "stack trace": {
            "en": "If the program prints a stack trace: please copy it into your reply.",
            "de": "Falls das Programm eine Stapelverfolgung (Stack Trace) ausgibt: Bitte kopieren Sie sie in Ihre Antwort.",
            "fr": french(
                "Si le programme affiche une trace d'appels (stack trace) : veuillez la copier dans votre réponse."
            ),
            "es": "Si el programa muestra una traza de la pila (stack trace): cópiela en su respuesta.",
        },
        "since when": {
            "en": "If something does not work: since when, or when did you first notice it?",
            "de": "Falls etwas nicht funktioniert: seit wann, oder wann ist es Ihnen zuerst aufgefallen?",
            "fr": french(
                "Si quelque chose ne fonctionne pas : depuis quand, ou quand l'avez-vous remarqué pour la première fois ?"
            ),
            "es": "Si algo no funciona: ¿desde cuándo, o cuándo lo notó por primera vez?",
        },
        "host": {
            "en": "Which computer or server is it about? Its name, if you know it.",
            "de": "Um welchen Computer oder Server geht es? Sein Name, falls Sie ihn kennen.",
            "fr": french("De quel ordinateur ou serveur s'agit-il ? Son nom, si vous le connaissez."),
            "es": "¿De qué ordenador o servidor se trata? Su nombre, si lo conoce.",
        },
        "ip address": {
            "en": "Which IP address is it about, if you know it?",
            "de": "Um welche IP-Adresse geht es, falls Sie sie kennen?",
            "fr": french("De quelle adresse IP s'agit-il, si vous la connaissez ?"),
            "es": "¿De qué dirección IP se trata, si la conoce?",
        },
        "url": {
            "en": "On which page does it happen? Please copy its address from the browser.",
            "de": "Auf welcher Seite geschieht es? Bitte kopieren Sie die Adresse aus dem Browser.",
            "fr": french("Sur quelle page cela se produit-il ? Veuillez copier son adresse depuis le navigateur."),
            "es": "¿En qué página ocurre? Copie su dirección del navegador.",
        },
        "path": {
            "en": "Which file or folder is it about, and where is it (drive, folder or link)?",
            "de": "Um welche Datei oder welchen Ordner geht es, und wo liegt das (Laufwerk, Ordner oder Link)?",
            "fr": french("De quel fichier ou dossier s'agit-il, et où se trouve-t-il (lecteur, dossier ou lien) ?"),
            "es": "¿De qué archivo o carpeta se trata, y dónde está (unidad, carpeta o enlace)?",
        },
        "address": {
            "en": "Which e-mail address or mailbox is it about?",
            "de": "Um welche E-Mail-Adresse oder welches Postfach geht es?",
            "fr": french("De quelle adresse e-mail ou boîte mail s'agit-il ?"),
            "es": "¿De qué dirección de correo o buzón se trata?",
        },
        "screenshot": {
            "en": "If you can: a picture of the screen on which it shows.",
            "de": "Wenn möglich: ein Bild des Bildschirms, auf dem es zu sehen ist.",
            "fr": french("Si possible : une capture d'écran où cela se voit."),
            "es": "Si puede: una imagen de la pantalla en la que se vea.",
        },
        "log": {
            "en": "If there is a log file: please attach it.",
            "de": "Falls es eine Protokolldatei gibt: Bitte hängen Sie sie an.",
            "fr": french("S'il existe un fichier journal : veuillez le joindre."),
            "es": "Si existe un archivo de registro: adjúntelo.",
        },
        "serial number": {
            "en": "If there is a sticker on the device: its serial or asset number.",
            "de": "Falls ein Aufkleber am Gerät ist: die Serien- oder Inventarnummer darauf.",
            "fr": french("Si l'appareil porte une étiquette : son numéro de série ou d'inventaire."),
            "es": "Si el equipo lleva una etiqueta: su número de serie o de inventario.",
        },
        "customer number": {
            "en": "Your customer number, if you have one.",
            "de": "Ihre Kundennummer, falls Sie eine haben.",
            "fr": french("Votre numéro de client, si vous en avez un."),
            "es": "Su número de cliente, si lo tiene.",
        },
        "order number": {
            "en": "The number of the order, if it is about one.",
            "de": "Die Nummer der Bestellung, falls es um eine geht.",
            "fr": french("Le numéro de la commande, s'il s'agit d'une commande."),
            "es": "El número del pedido, si se trata de uno.",
        },
        "invoice number": {
            "en": "The number of the invoice, if it is about one.",
            "de": "Die Nummer der Rechnung, falls es um eine geht.",
            "fr": french("Le numéro de la facture, s'il s'agit d'une facture."),
            "es": "El número de la factura, si se trata de una.",
        },
        "amount": {
            "en": "The amount, if it is about one.",
            "de": "Der Betrag, falls es um einen geht.",
            "fr": french("Le montant, s'il s'agit d'un montant."),
            "es": "El importe, si se trata de uno.",
        },
    }
)
"""Kind of information to language to what its client is asked."""


def question_lines(sheet: Sheet | None, language: str) -> list[str]:
    """What the client is asked for, one line for each thing; in a language that the admin added, in English."""
    missing = sheet.missing if sheet else ()
    return [QUESTIONS[kind].get(language, QUESTIONS[kind]["en"]) for kind in missing]
