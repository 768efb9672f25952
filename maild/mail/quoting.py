"""What the author wrote now, cut out of what they quote; a view, nothing is deleted by it."""

REPLY_DELIMITER = "## - answer above this line - ##"


def new_text(text: str) -> str:
    """Give the text above our delimiter, without quotes and signature; never empty when `text` is not."""
    return text
