"""What somebody writes for themselves: a journal, and how they feel, day by day.

An entry counts for the day its writer says, not for the instant it was written. It is its
writer's alone, also in a shared workspace, and so is its history. Publishes that something was
written, never a word of it; listens to nothing.
"""
