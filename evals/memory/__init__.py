"""Memory: five abilities on eight lives told by message."""
