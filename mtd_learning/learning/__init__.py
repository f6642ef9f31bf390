"""Join, do, finish."""
