"""Attacks by text on whoever reads them for the user."""
