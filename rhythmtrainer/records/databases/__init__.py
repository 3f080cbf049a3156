"""Whole databases: fetching, counting, comparing with what was published, indexing."""
