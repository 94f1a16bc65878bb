"""Who people are: accounts, passwords, sessions, tokens and preferences.

Everything that proves somebody's identity lives here and nothing that grants a right: rights come
from memberships, which the workspaces slice owns. Publishes `UserRegistered`; listens to nothing.
"""
