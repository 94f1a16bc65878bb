"""The things of each slice as devices know them, one family a module."""
