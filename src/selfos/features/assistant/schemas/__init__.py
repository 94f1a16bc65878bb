"""What crosses the doors of the assistant."""
