"""Where strips come from: folders on this computer, the cache of excerpts, an archive."""
