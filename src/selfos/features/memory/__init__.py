"""What SelfOS knows of somebody: facts with a source and a time, and a profile they write.

Each fact belongs to one member of a workspace, and nobody else sees it. Rules read facts out of
what its person says and does; what came from elsewhere waits until they confirm it. Listens to
goals, habits and undo; publishes that a fact came or went, never what it says.
"""
