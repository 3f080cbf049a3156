"""The conduction of a heart: parts that fire, conduct and tire, and what happens when they meet."""
