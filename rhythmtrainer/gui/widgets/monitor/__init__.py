"""A bedside monitor: a sweep in real time, frozen and scrolled back, with a rate that lags."""
