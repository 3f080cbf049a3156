"""What is known of recordings before any is read: the catalogue, and what archives list."""
