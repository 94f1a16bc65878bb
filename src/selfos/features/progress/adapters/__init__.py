"""Progress's outside things: what sets a page."""
