"""A sample life to look around in.

An invented person's year and an invented team, in workspaces of their own, lived day by day through
the
verbs of planning and habits. Listens to nothing and publishes nothing.
"""
