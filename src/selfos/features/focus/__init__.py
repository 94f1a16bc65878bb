"""Where time goes: a timer on a task, on a habit kept in time, or on nothing, and its sessions.

Each person has at most one timer, and their sessions are theirs alone, also in a shared workspace.
A session's minutes count for the days they lay in. Publishes that a timer was started, stopped or
corrected, never on what words; listens to nothing.
"""
