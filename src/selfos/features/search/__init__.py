"""One search box: areas, projects, goals, habits, tasks, notes, comments and stories, by words.

It publishes nothing and listens to nothing: the database keeps its index by triggers. The grammar
of filters is planning's; what has qualifiers finds tasks.
"""
