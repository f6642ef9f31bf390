"""From a finished course to a certificate that a stranger can check."""
