"""Moderation: what rules find in texts that were looked at, and in texts that were not."""
