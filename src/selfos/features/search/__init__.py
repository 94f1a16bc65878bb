"""One search box, and the questions that are asked again: saved filters.

Words find areas, projects, goals, habits, tasks, notes, comments and stories; the database keeps
their index by triggers. The language of filters is planning's; what has qualifiers finds tasks, or
habits. It publishes nothing and listens to nothing.
"""
