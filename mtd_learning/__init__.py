"""A learning site for volunteers who stand beside children in families with addiction."""
