"""The support process: ticket, transitions, decision, threading, trust, service levels. Values in, values out."""
