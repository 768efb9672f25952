"""The doors to servers: IMAP, SMTP, OAuth, clamd, Linear."""
