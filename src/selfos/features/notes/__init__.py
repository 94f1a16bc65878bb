"""What people write beside their plans: notes on anything or on nothing, comments to each other.

A note or comment hangs on one thing and goes with it. Texts are Markdown, kept as written.
Publishes what happens to them, and who was mentioned; listens to nothing.
"""
