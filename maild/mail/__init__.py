"""Bytes to Mail: limits, parsing, addresses, text, attachments. Facts only; `classify` concludes."""
