"""What crosses the doors of notifications."""
