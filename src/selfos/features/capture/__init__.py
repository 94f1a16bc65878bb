"""Quick-add: one typed line becomes a task, a habit, a goal or a note.

The grammar is pure; the doors give it the names of a workspace and hand its result to the slices
that own the things. Publishes nothing of its own and listens to nothing.
"""
