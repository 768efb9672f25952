"""8-bit text whose charset nobody names: read where its letters leave no doubt, and left alone where they do."""

# ruff: noqa: RUF001 - letters of other alphabets are what this is about

import random
import time

import pytest

from maild.mail.guessing import guess_charset
from tests.support.mail_making import a_mail, a_source, read

RUSSIAN = (
    "Привет, принтер не печатает",
    "Не могу войти в систему",
    "Срочно: сервер VPN недоступен с 9 утра!",
    "Пожалуйста, сбросьте пароль",
)
TEXTS = {
    **dict.fromkeys(("koi8-r", "cp1251", "iso8859-5", "cp866"), RUSSIAN),
    "koi8-u": ("Добрий день! Не працює пошта після оновлення", "Будь ласка, скиньте мій пароль"),
    "cp932": ("お世話になっております。VPNに接続できません。", "プリンターが動きません", "パスワードを忘れました"),
    "euc-jp": ("お世話になっております。VPNに接続できません。", "ありがとうございました。"),
    "gb18030": ("您好,我们的VPN从今天早上开始无法连接,错误809。", "打印机无法打印", "服务器无法访问,紧急"),
    "gbk": ("密码忘记了,请重置",),
    "big5": ("您好,我們的VPN從今天早上開始無法連線", "密碼忘記了,請重設"),
    "euc-kr": ("프린터가 작동하지 않습니다", "안녕하세요. VPN 연결이 되지 않습니다."),
}
EACH = [(charset, text) for charset, texts in TEXTS.items() for text in texts]
WESTERN = (
    "Grüße aus Köln, der Drucker geht nicht",
    "ÄÖÜ äöü ß ÄÖÜ äöü",
    "LÄUFT NICHT: ÄÖÜÄÖÜ ÄÖÜÄÖÜ",
    "ÀÉÈÊËÏÎ ÔÛÙÜ àâçéèêëïîôûùüÿ",
    "Þökk sé þér æðið",
    "°°°°°°°°°°°°",
    "————————————————",
    "€€€€€€€€€€ £££££££",
    "«««««««»»»»»»»",
    "×××××××××× ÷÷÷÷÷÷÷÷",
    "Señor ÑÑÑÑÑ ÁÉÍÓÚÜÑ",
)


@pytest.mark.parametrize(("charset", "text"), EACH)
@pytest.mark.parametrize(
    "declared", ["text/plain", "text/plain; charset=us-ascii", "text/html", "text/plain; charset=utf-8"]
)
def test_text_is_read_in_the_charset_that_its_letters_tell(charset: str, text: str, declared: str) -> None:
    mail = a_mail(f"VPN 809\r\n{text}\r\n".encode(charset), content_type=declared)
    assert text in mail.text


@pytest.mark.parametrize(("charset", "text"), EACH)
def test_a_subject_in_plain_octets_is_read_likewise(charset: str, text: str) -> None:
    assert read(a_source("x", Subject=text.encode(charset))).subject == text


@pytest.mark.parametrize("text", WESTERN)
def test_latin_letters_and_signs_stay_what_they_were(text: str) -> None:
    assert a_mail(text.encode("cp1252"), content_type="text/plain").text == text


@pytest.mark.parametrize(
    "text",
    [
        "Voici le détail à vérifier, ça presse, très gênant :\n        Poste 1          réglé\n        Poste 2",
        "La señal no está, qué pasó aquí:\n        línea 1          avería\n        línea 2          avería",
        "Grüße, die Straße, ähnlich, öfter, Café, à la carte:\n        Zeile 1          größer",
        "-é-à-ç-è-ê-",
    ],
)
def test_spaces_and_hyphens_that_indent_a_western_text_are_no_letters(text: str) -> None:
    spaced = text.replace("  ", "\u00a0\u00a0").replace("-", "\u00ad" * 5).encode("cp1252")
    assert guess_charset(spaced) is None


def test_what_is_declared_counts() -> None:
    octets = "Привет, принтер не печатает".encode("koi8-r")
    assert a_mail(octets, content_type="text/plain; charset=windows-1251").text == octets.decode("cp1251")


@pytest.mark.parametrize("text", ["Счёт", "メール", "谢谢"])
def test_too_few_letters_are_no_proof(text: str) -> None:
    charset = "cp1251" if text == "Счёт" else "cp932" if text == "メール" else "gb18030"
    assert guess_charset(text.encode(charset)) is None


def test_utf_8_with_a_word_of_a_gateway_stays_utf_8() -> None:
    text = "Привет, принтер не печатает"
    mail = a_mail(f"{text}\n".encode() + b"gepr\xfcft", content_type="text/plain")
    assert mail.text == f"{text}\ngeprüft"


def test_a_long_text_whose_beginning_is_ascii_and_whose_end_is_cut_is_read() -> None:
    text = "Line of a log: nothing.\n" * 400 + "Сервер недоступен, помогите, пожалуйста. " * 400
    assert "Сервер недоступен" in a_mail(text.encode("cp1251"), content_type="text/plain").text
    assert (
        "服务器无法访问"
        in a_mail(("服务器无法访问,紧急。" * 400).encode("gb18030")[:-1], content_type="text/plain").text
    )


def test_octets_by_lot_are_in_no_charset_and_cost_little() -> None:
    chance = random.Random(7)
    started = time.process_time()
    found = [
        guess_charset(bytes(chance.randrange(low, 256) for _ in range(size)))
        for low in (0, 128, 161, 192)
        for size in (9, 200, 4_000, 40_000)
    ]
    found += [guess_charset(bytes([octet]) * 4_000) for octet in range(128, 256)]
    assert set(found) == {None}
    assert time.process_time() - started < 5
