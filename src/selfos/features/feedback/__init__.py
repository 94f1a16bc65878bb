"""What people think of what was made for them: thumbs, ratings, edits, choices, lines of plans.

Each piece is its writer's alone. It is kept so that a data set of preferences can be cut from it,
from those who consent. Listens to what becomes of proposals and stories, and to undo.
"""
