"""What happened: changesets, the row images the database writes, and events.

Every transaction that changes something is one changeset with its own number in the workspace.
Undo, history, sync, live updates and jobs are read from here; no verb calls them.
"""
