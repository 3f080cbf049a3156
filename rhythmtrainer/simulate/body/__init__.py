"""The body around the heart: its dipole, wave by wave, and what the leads see of it."""
