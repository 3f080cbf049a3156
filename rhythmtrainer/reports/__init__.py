"""Pictures and documents to keep. Only this package draws with matplotlib."""
