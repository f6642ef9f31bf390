"""Browser tests: the site as people use it, in a real Chromium."""
