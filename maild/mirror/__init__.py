"""The mirror: tickets in a tracker of issues, both ways; a tracker that is down loses nothing and stops nothing."""
