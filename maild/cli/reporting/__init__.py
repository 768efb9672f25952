"""What `maild report` prints: the page, the document, the short words for a terminal."""
