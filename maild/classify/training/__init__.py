"""How the shipped models are made: labelled texts in, models and their cards out."""
