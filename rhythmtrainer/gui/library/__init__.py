"""The library page: recordings, what the catalogue covers, and strips of the user's own."""
