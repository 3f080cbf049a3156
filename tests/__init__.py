"""The checks of the program; ``python -m tests`` runs all of them."""
