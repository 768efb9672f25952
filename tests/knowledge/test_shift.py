"""Something else in an old thread is seen by what it says and how it begins, in four languages; real follow-ups stay."""

from datetime import timedelta

import pytest

from maild.knowledge.shift import LEAST_WORDS, OLD, Past, find_shift

THREADS = {
    "en": "Our VPN client cannot connect to the gateway since this morning, it says error 809.\n"
    "The certificate of the gateway had expired; we have renewed it, please connect once more.",
    "de": "Seit heute früh kann sich unser VPN nicht mit dem Gateway verbinden, es meldet Fehler 809.\n"
    "Das Zertifikat des Gateways war abgelaufen; wir haben es erneuert, bitte verbinden Sie sich noch einmal.",
    "fr": "Depuis ce matin notre client VPN ne se connecte plus à la passerelle, il affiche l'erreur 809.\n"
    "Le certificat de la passerelle avait expiré ; nous l'avons renouvelé, veuillez vous reconnecter.",
    "es": "Desde esta mañana nuestro cliente VPN no se conecta a la pasarela y muestra el error 809.\n"
    "El certificado de la pasarela había caducado; lo hemos renovado, conéctese otra vez por favor.",
}
ELSE = {
    "en": "Hello,\nI would like to order four monitors, docking stations, headsets and keyboards for trainees who begin in January on "
    "the third floor. Could you prepare badges, lockers and parking permits as well?",
    "de": "Guten Tag,\nwir brauchen für neue Kollegen im Januar vier Bildschirme, Tastaturen, Kopfhörer und Docking-Stationen im dritten "
    "Stock. Können Sie auch Ausweise, Spinde und Parkkarten vorbereiten?",
    "fr": "Bonjour,\nnous avons besoin de quatre écrans, claviers, casques et stations d'accueil pour les stagiaires de janvier au "
    "troisième étage. Pourriez-vous préparer aussi badges, casiers et cartes de parking ?",
    "es": "Hola:\nnecesitamos cuatro monitores, teclados, auriculares y bases para los becarios que empiezan en enero en la tercera "
    "planta. ¿Podrían preparar también tarjetas, taquillas y permisos de aparcamiento?",
}
MORE = {
    "en": "Thanks, but that did not last: after the night the gateway refuses the certificate, the client shows error 809 on five "
    "laptops in Berlin, and reconnecting takes minutes. Those of the warehouse work.",
    "de": "Danke, aber das hielt leider nicht: Seit der Nacht lehnt das Gateway das Zertifikat ab, der Client meldet Fehler 809 auf fünf "
    "Laptops in Berlin, und das Verbinden dauert Minuten. Im Lager geht es.",
    "fr": "Merci, mais cela n'a pas duré : la nuit passée, la passerelle refuse le certificat, le client affiche l'erreur 809 sur cinq "
    "portables à Berlin, et la connexion dure des minutes. À l'entrepôt, ça marche.",
    "es": "Gracias, pero eso no duró: desde la noche la pasarela rechaza el certificado, el cliente muestra el error 809 en cinco "
    "portátiles de Berlín y la conexión tarda minutos. En el almacén ya funciona.",
}


def past(language: str, *, rest: timedelta = timedelta(days=3), is_closed: bool = True) -> Past:
    return Past(subject="VPN", texts=THREADS[language].splitlines(), rest=rest, is_closed=is_closed)


@pytest.mark.parametrize("language", THREADS)
@pytest.mark.parametrize("subject", ["VPN", "January"])
def test_what_begins_something_else_is_seen_under_any_subject_and_what_goes_on_is_not(
    language: str, subject: str
) -> None:
    because = find_shift(subject, ELSE[language], past(language))
    assert because is not None
    assert because.startswith("another subject, and ") is (subject != "VPN")
    assert "words that say what it is about stand in the ticket" in because
    assert find_shift(subject, MORE[language], past(language)) is None


def test_only_in_a_thread_that_is_closed_or_has_rested_long() -> None:
    assert find_shift("VPN", ELSE["en"], past("en", is_closed=False)) is None
    assert find_shift("VPN", ELSE["en"], past("en", rest=OLD, is_closed=False)) is not None


def test_what_says_little_or_that_it_goes_on_is_not_torn_away() -> None:
    short = " ".join(ELSE["en"].split()[:LEAST_WORDS])
    assert find_shift("Orders", short, past("en")) is None
    assert find_shift("VPN", f"As you suggested. {ELSE['en']}", past("en")) is None
    assert (
        find_shift("VPN", f"Yes, that did it, thanks. So this one is ok already, but: {ELSE['en']}", past("en")) is None
    )
