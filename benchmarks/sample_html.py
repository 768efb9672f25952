"""The HTML of the sample mails in the manners of three kinds of mail client: bare, phone, and office suite."""

import random
from html import escape

OFFICE_STYLE = """\
<!--
/* Font Definitions */
@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
@font-face {font-family:Calibri; panose-1:2 15 5 2 2 2 4 3 2 4;}
@font-face {font-family:Aptos; panose-1:2 11 0 4 2 2 2 2 2 4;}
/* Style Definitions */
p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; font-size:11.0pt; font-family:"Calibri",sans-serif;}
a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1; text-decoration:underline;}
span.EmailStyle17 {mso-style-type:personal-compose; font-family:"Calibri",sans-serif; color:windowtext;}
.MsoChpDefault {mso-style-type:export-only; font-family:"Calibri",sans-serif; mso-fareast-language:EN-US;}
@page WordSection1 {size:612.0pt 792.0pt; margin:70.85pt 70.85pt 2.0cm 70.85pt;}
div.WordSection1 {page:WordSection1;}
-->"""
OFFICE_HEAD = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>'
    '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    f'<meta name="Generator" content="Sample Office 15"><style>{OFFICE_STYLE}</style></head>'
)
OFFICE_SPAN = (
    '<span lang="EN-GB" style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif;mso-fareast-language:EN-US">'
)


def html_of(parts: list[str], chance: random.Random) -> str:
    """The same words, as one of the three kinds of client would mark them up."""
    return chance.choice((_bare, _phone, _office, _office))(parts)


def _bare(parts: list[str]) -> str:
    return f'<div dir="ltr">{"<div><br></div>".join(f"<div>{_lines(part)}</div>" for part in parts)}</div>'


def _phone(parts: list[str]) -> str:
    head = '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">'
    blocks = "".join(
        f'<div style="-webkit-text-size-adjust:auto;caret-color:rgb(0,0,0);color:rgb(0,0,0)">{_lines(part)}</div><br>'
        for part in parts
    )
    return f'{head}{blocks}<div dir="ltr"><br>Sent from my phone</div></body></html>'


def _office(parts: list[str]) -> str:
    blank = f'<p class="MsoNormal">{OFFICE_SPAN}<o:p>&nbsp;</o:p></span></p>'
    blocks = blank.join(
        "".join(f'<p class="MsoNormal">{OFFICE_SPAN}{escape(line)}<o:p></o:p></span></p>' for line in part.split("\n"))
        for part in parts
    )
    body = '<body lang="EN-GB" link="#0563C1" vlink="#954F72" style="word-wrap:break-word"><div class="WordSection1">'
    return f"{OFFICE_HEAD}{body}{blocks}</div></body></html>"


def _lines(part: str) -> str:
    return escape(part).replace("\n", "<br>")
