"""New text: rules of our own, each with the mail that it is for."""

import pytest

from maild.mail.quoting import REPLY_DELIMITER, new_text
from maild.mail.text import clean

ANSWER = "It burns again."

QUOTES = {
    "our delimiter": f"On 2 Mar 2026, Desk wrote:\n> {REPLY_DELIMITER} answer above this line {REPLY_DELIMITER}\n> Hello",
    "our delimiter, unmarked": f"{REPLY_DELIMITER} answer above this line {REPLY_DELIMITER}\n\nHello Ana",
    "our delimiter, indented": f"    | {REPLY_DELIMITER} x\nHello Ana",
    "English": "On Mon, 2 Mar 2026 at 10:00, Desk <support@desk.example> wrote:\n\nHello Ana",
    "English, wrapped": "On Mon, 2 Mar 2026 at 10:00, Desk\n<support@desk.example>\nwrote:\n\n> Hello Ana",
    "German": "Am 02.03.2026 um 10:00 schrieb Desk:\n> Hallo Ana",
    "German, wrapped": "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Desk <\nsupport@desk.example>:\n\nHallo Ana",
    "French": "Le lun. 2 mars 2026 à 10:00, Desk <support@desk.example> a écrit :\n\n> Bonjour",
    "Spanish": "El lun, 2 mar 2026 a las 10:00, Desk (<support@desk.example>) escribió:\n\n> Hola",
    "Outlook, English": "From: Desk <support@desk.example>\nSent: Monday, 2 March 2026 10:00\nTo: Ana\nSubject: x\n\nHello",
    "Outlook, German": "Von: Desk\nGesendet: Montag, 2. März 2026 10:00\nAn: Ana\nBetreff: AW: x\n\nHallo",
    "Outlook, French": "De : Desk\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Ana\nObjet : x\n\nBonjour",
    "Outlook, Spanish": "De: Desk\nEnviado: lunes, 2 de marzo de 2026 10:00\nPara: Ana\nAsunto: x\n\nHola",
    "Outlook, a rule": "________________________________\nFrom: Desk\nSent: Monday\nTo: Ana\nSubject: x\n\nHello",
    "Outlook, bold": "*From:* Desk\n*Sent:* Monday\n*To:* Ana\n*Subject:* x\n\nHello",
    "Outlook, Czech": "Od: Desk\nOdesláno: pondělí\nKomu: Ana\nPředmět: x\n\nDobrý den",
    "Outlook, Danish": "Fra: Desk\nSendt: mandag\nTil: Ana\nEmne: x\n\nHej",
    "Outlook, Finnish": "Lähettäjä: Desk\nLähetetty: maanantai\nVastaanottaja: Ana\nAihe: x\n\nHei",
    "Outlook, Greek": "Από: Desk\nΣτάλθηκε: Monday\nΠ\u03c1\u03bfς: Ana\nΘέμ\u03b1: x\n\nHello",
    "Outlook, Hebrew": "\u200fמאת: Desk\nנשלח: Monday\nאל: Ana\nנ\u05d5שא: x\n\nHello",
    "Outlook, Hungarian": "Feladó: Desk\nElküldve: hétfő\nCímzett: Ana\nTárgy: x\n\nÜdv",
    "Outlook, Japanese": "差出人: Desk\n送信日時: 2026年3月2日 10:00\n宛先: Ana\n件名: x\n\nこんにちは",
    "Outlook, wide colons": "差出人\uff1a Desk\n送信日時\uff1a 2026年3月2日\n宛先\uff1a Ana\n件名\uff1a x\n\nこんにちは",
    "Outlook, Korean": "보낸 사람: Desk\n보낸 날짜: 2026년 3월 2일\n받는 사람: Ana\n제목: x\n\n안녕",
    "Outlook, Romanian": "De la: Desk\nTrimis: luni\nCătre: Ana\nSubiect: x\n\nSalut",
    "Outlook, Turkish": "Kimden: Desk\nGönderildi: Pazartesi\nKime: Ana\nKonu: x\n\nMerhaba",
    "Outlook, Chinese": "发件人: Desk\n发送时间: 2026年3月2日\n收件人: Ana\n主题: x\n\n你好",
    "Outlook above our delimiter": f"差出人: Desk\n送信日時: 月\n宛先: Ana\n件名: x\n\n{REPLY_DELIMITER} 上",
    "QQ": '------------------ 原始邮件 ------------------\n发件人: "Desk"<d@desk.example>;\n\n你好',
    "QQ, English": "-----Original-----\nFrom: Desk\n\nHello",
    "GMX": "Gesendet: Montag, 02. März 2026\nVon: Desk\nAn: Ana\nBetreff: x\n\nHallo",
    "Thunderbird, Czech": "Dne 2. 3. 2026 v 10:00 Desk napsal(a):\n> Dobrý den",
    "Thunderbird, Russian": "02.03.2026 10:00, Desk пишет:\n> Здравствуйте",
    "Gmail, Chinese": "Desk <d@desk.example> 于2026年3月2日周一 10:00写道\uff1a\n\n你好",
    "Gmail, Finnish": "ma 2. maalisk. 2026 klo 10.00 Desk (d@desk.example) kirjoitti:\n\nHei",
    "Apple, Japanese": "2026/03/02 10:00、Deskのメール:\n\nこんにちは",
    "Notes": "Desk <d@desk.example> wrote on 02.03.2026 10:00:15:\n\nHello",
    "an old Gmail, German": "Desk <d@desk.example> schrieb am Mo. 2. März 2026 um 10:00:\n\nHallo",
    "Zoho, German": " ---- Am Mo, 02 Mrz 2026 10:00:00 +0100 Desk <d@desk.example> schrieb ----\n\nHallo",
    "a separator": "-----Original Message-----\nFrom: Desk\n\nHello",
    "a German separator": "-----Ursprüngliche Nachricht-----\nVon: Desk\n\nHallo",
    "a forward": "---------- Forwarded message ---------\nFrom: Desk\n\nHello",
    "mutt, in the words of its owner": "* Desk <support@desk.example> [2026-03-02 10:00]:\n> Hello Ana",
    "gnus": "Desk <support@desk.example> writes:\n\n> Hello Ana",
    "gnus, wrapped": "Desk of the whole company\n<support@desk.example> writes:\n> Hello Ana",
    "quote marks alone": "> Hello Ana\n> it burns",
    "a signature": "-- \nAna Ruiz\nHead of Printers",
    "a telephone": "Sent from my iPhone",
    "a German telephone": "Von meinem iPhone gesendet",
    "Notes, in lines": '"Desk" <d@desk.example> \n02.03.2026 09:00\n\nTo\n"Ana" <ana@client.example>\ncc\n\nSubject\nRe: x\n\n\nHello',
    "Notes, in German lines": "Desk/ACME@ACME\n02.03.2026 09:00:15\n\nAn\nAna Ruiz/CLIENT@CLIENT\nKopie\n\nThema\nRe: x\n\nHallo",
    "Samsung": "Von meinem/meiner Galaxy gesendet",
    "Proton": "Sent with [Proton Mail](https://proton.me/mail/home) secure email.",
    "Outlook's advertisement above its rule": "Get Outlook for iOS<https://aka.ms/x>\n________________________________\n"
    "From: Desk\nSent: Monday\nTo: Ana\nSubject: x\n\nHello",
    "Outlook's German advertisement": "Outlook für Android<https://aka.ms/x> beziehen\n____________________\n\n> Hallo",
    "QQ, in the spaces of HTML": "------------------&nbsp;原始邮件&nbsp;------------------\n发件人: Desk\n\n你好",
    "Gmail, from right to left": "\u202b\u05d1\u05ea\u05d0\u05e8\u05d9\u05da \u05d9\u05d5\u05dd \u05d1\u05f3, 2 \u05d1\u05de\u05e8\u05e5 2026 \u05d1-9:00 \u05de\u05d0\u05ea \u202aDesk\u202c\u200f <\u202ad@desk.example\u202c\u200f>:\u202c\n\n> Hello",
    "Outlook's advertisement": "Get Outlook for Android<https://aka.ms/x>",
}

WHOLE = {
    "prose with on": "On Monday the printer wrote:\nnothing at all.",
    "a list of settings": "From: the office\nwe print to the basement.",
    "a saying with a time of day": "Um 10:00 Uhr kam der Kollege, der schrieb:\nDer Drucker 3 brennt.",
    "settings in two labels": "Data: 02.03.2026\nTema: rete\n\nNon funziona.",
    "a rule with a title": "----- Log -----\nprinter on fire",
    "an address above no quote": "Please write to Desk <support@desk.example>:\nit answers.",
    "a table of when and what": "Backup ran\n02.03.2026 09:00\n\nTo\ndisk 3\nfrom\ndisk 2",
    "two dashes inside": "It works -- sometimes.",
    "a person at a desk": "It burns.\n\nSent from my desk, as the other one burns.",
    "only a quote": "> Hello Ana",
    "only an announcement": "On Mon, 2 Mar 2026 at 10:00, Desk <support@desk.example> wrote:\n\nHello Ana",
    "a forward without comment": "---------- Forwarded message ---------\nFrom: Ana\nSubject: x\n\nIt burns",
    "our delimiter on top": f"{REPLY_DELIMITER}\n\nHello Ana",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_a_quote_below_the_answer_is_cut(quote: str) -> None:
    assert new_text(f"{ANSWER}\n\n{quote}") == ANSWER


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE.keys())
def test_what_is_no_quote_or_all_there_is_stays(text: str) -> None:
    assert new_text(text) == text


def test_answers_between_quotes_stay() -> None:
    text = "On 2 Mar 2026, Desk wrote:\n> Which printer?\n\nThe left one.\n\n> Since when?\n\nSince today."
    assert new_text(text) == "The left one.\n\nSince today."


def test_commands_at_the_top_stay_at_the_top() -> None:
    assert new_text("/take\n/urgency 1\n\nOn it.\n\nOn 2 Mar 2026, Desk wrote:\n> x") == "/take\n/urgency 1\n\nOn it."


@pytest.mark.parametrize(
    "announced", ["* Desk <support@desk.example> [2026-03-02 10:00]:", "Desk <support@desk.example> writes:\n"]
)
def test_commands_below_a_quote_are_at_the_top(announced: str) -> None:
    assert new_text(f"{announced}\n> Hello Ana\n> it burns\n\n/waiting\nSince when?") == "/waiting\nSince when?"


def test_a_quoted_command_never_comes_up_alone() -> None:
    assert new_text("> /close\n\nThanks!") == "Thanks!"


@pytest.mark.parametrize("end", ["\v", "\f", "\x85", "\u2028", "\u2029", "\r"])
def test_no_other_line_end_takes_what_somebody_quotes_out_of_the_quote(end: str) -> None:
    assert new_text(clean(f"Sam wrote:\r\n> Hello{end}/close\r\r\n\r\nThanks!{end}Ana\r\n")) == "Thanks!\nAna"
    assert clean(f"{end}> a{end}b{end}") == "\n> a\nb\n" if end == "\r" else clean(f"a{end}b") == "a\nb"


def test_an_empty_text_gives_an_empty_text() -> None:
    assert new_text("") == ""
    assert new_text(" \n\n ") == ""
