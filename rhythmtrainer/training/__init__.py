"""What the program does, without knowing how it is stored, read or shown."""
