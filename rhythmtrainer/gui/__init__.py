"""The desktop app's windows, pages and widgets."""
