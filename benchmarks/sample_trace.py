"""The header fields that servers put in front of a mail on its way: hops, signatures, and what filters say."""

import base64
import random

SIGNED = "from:to:subject:date:message-id:mime-version:content-type"
FORWARDED = 0.6
"""Share of the mails that a large provider has handed on and signed once more."""


def trace(domain: str, place: int, chance: random.Random) -> str:
    """Three to six hops (RFC 5321, 4.4), a DKIM signature (RFC 6376), often an ARC set (RFC 8617), what filters say."""
    authenticated = f"dkim=pass header.d={domain};\r\n spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain}"
    permitted = f"domain of {domain} designates\r\n 192.0.2.{place % 250} as permitted"
    fields = [
        f"Return-Path: <client{place}@{domain}>",
        "Delivered-To: support@desk.example",
        *(_hop(domain, place, hop, chance) for hop in range(chance.randint(3, 6))),
        *(_arc_set(domain, chance) if chance.random() < FORWARDED else ()),
        f"DKIM-Signature: {_signature(f'v=1; d={domain}; s=s2026', chance)}",
        f"Authentication-Results: mail.desk.example; {authenticated}",
        f"Received-SPF: Pass (mail.desk.example: {permitted})",
        "X-Spam-Status: No, score=-2.1 required=5 tests=[BAYES_00=-1.9,\r\n DKIM_VALID=-0.1, SPF_PASS=-0.1]",
        f"X-Mailer: {chance.choice(('Example Mail 16.0', 'Sample Phone (21F79)', 'Web Client 3.2'))}",
    ]
    return "".join(f"{field}\r\n" for field in fields)


def _hop(domain: str, place: int, hop: int, chance: random.Random) -> str:
    return (
        f"Received: from node{hop}.{domain} (node{hop}.{domain} [192.0.2.{chance.randint(1, 250)}])\r\n"
        " (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n"
        f" by relay{hop}.provider.example (Sample MTA) with ESMTPS id {chance.randrange(16**12):012X}\r\n"
        f" for <support@desk.example>; Mon, 23 Nov 2026 10:00:{place % 60:02} +0000"
    )


def _arc_set(domain: str, chance: random.Random) -> tuple[str, ...]:
    return (
        f"ARC-Seal: i=1; a=rsa-sha256; t=1795428000; cv=none; d=provider.example; s=arc;\r\n b={_base64(256, chance)}",
        f"ARC-Message-Signature: {_signature('i=1; d=provider.example; s=arc', chance)}",
        f"ARC-Authentication-Results: i=1; mx.provider.example; dkim=pass header.i=@{domain};\r\n spf=pass",
    )


def _signature(head: str, chance: random.Random) -> str:
    fields = f"{head}; a=rsa-sha256; c=relaxed/relaxed; t=1795428000;\r\n h={SIGNED};\r\n"
    return f"{fields} bh={_base64(32, chance)};\r\n b={_base64(256, chance)}"


def _base64(octets: int, chance: random.Random) -> str:
    """Random octets, folded as signers do."""
    text = base64.b64encode(chance.randbytes(octets)).decode()
    return "\r\n ".join(text[start : start + 70] for start in range(0, len(text), 70))
