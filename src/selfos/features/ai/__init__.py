"""AI: plans, proposals and models. Rules first: every verb here answers without a key."""
