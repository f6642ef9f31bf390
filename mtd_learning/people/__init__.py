"""Users, organisations, countries, roles, and how a person comes in."""
