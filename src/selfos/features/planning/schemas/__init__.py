"""What goes in and out of planning over any door."""
