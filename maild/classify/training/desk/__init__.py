"""How a desk's own model is made: its labelled history, learnt on top of what ships."""
