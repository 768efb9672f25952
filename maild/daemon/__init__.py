"""The daemon: wires doors to lines, reads the clock, stops cleanly; one bad mail never stops the rest."""
