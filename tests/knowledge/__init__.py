"""What many tickets together tell."""
