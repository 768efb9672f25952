"""Mail that maild writes."""
