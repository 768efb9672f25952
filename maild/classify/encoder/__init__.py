"""A sentence encoder beside the words: the extra `maild[encoder]`."""
