"""Gathering: what a mail tells about the issue, a finder for each kind of information, and the sheet that holds it."""
