"""What goes in and out of search and filters over any door."""
