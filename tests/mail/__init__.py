"""Mails as they come: read, or held with a reason."""
