"""Backing up: the database as files, of one moment, while others work on it; and back again."""
