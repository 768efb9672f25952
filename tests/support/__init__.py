"""What tests share: factories, desks under test, and where things stand."""
