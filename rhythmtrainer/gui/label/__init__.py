"""The page on which an instructor makes a labelled strip out of a recording."""
