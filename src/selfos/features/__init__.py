"""One package per slice; each owns its tables and its verbs."""
