"""Undo and history: what happened in a workspace, by whom, and how to take it back.

Reads the kernel's ledger; publishes `changeset.undone`, so that projections can follow.
"""
