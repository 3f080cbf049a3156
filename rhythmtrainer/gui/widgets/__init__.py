"""Widgets that know the words of the domain and nothing else: setters in, signals out."""
