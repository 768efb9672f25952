"""The models that came with maild, beside those that the desk has."""

import json
from collections.abc import Mapping

from maild import shipped
from maild.classify.broken import reading_shipped
from maild.classify.content import digest_of
from maild.classify.model_files import read_files
from maild.store.view.models import Shipped


def read_shipped() -> Mapping[str, Shipped]:
    """Give the models that came with maild. Raises Refused where one is missing or broken."""
    found = {}
    for file in sorted(shipped.folder("models").glob("*.npz")):
        with reading_shipped(file):
            content, card = read_files(file)
        found[file.stem] = Shipped(digest=digest_of(content, card), card=card)
    return found


def read_tables() -> Mapping[str, Shipped]:
    """Give the tables that came with maild, which have no content beside their card. Raises Refused as above."""
    found = {}
    for file in sorted(shipped.folder("models").glob("*.json")):
        if not file.with_suffix(".npz").exists():
            with reading_shipped(file):
                card = json.loads(file.read_text(encoding="utf-8"))
            found[file.stem] = Shipped(digest=digest_of(b"", card), card=card)
    return found
