"""What goes in and out of habits over any door."""
