"""Commands: lines at the top of a TSM's mail that maild obeys. A new one is one function and one row of `catalogue`."""
