"""Compose and store: who is told what about an event, with which words, files and taps."""
