"""Who is who: people of the desk, other teams, the client's side; who gets a ticket and who helps. Pure."""
