"""Where people work: workspaces, their members with roles, and invitations.

A workspace is the wall around data; a membership is the only source of rights. Registration is
here because an account begins with a personal workspace. Publishes `MemberJoined`, `MemberLeft`
and `MemberRoleChanged`; listens to nothing.
"""
