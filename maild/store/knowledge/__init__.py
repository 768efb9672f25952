"""The knowledge base: articles, what solved tickets teach, and the search over both."""
