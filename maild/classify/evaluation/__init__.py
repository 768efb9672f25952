"""How good a model is: its answers on texts that it has not learnt from, counted with n and an interval."""
