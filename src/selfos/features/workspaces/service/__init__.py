"""The verbs of workspaces, by noun: registration, workspaces, members, invitations."""

from selfos.features.workspaces.service.invitations import (
    accept_invitation,
    invite,
    list_invitations,
    withdraw_invitation,
)
from selfos.features.workspaces.service.members import (
    active_among,
    add_member,
    change_role,
    is_active_member,
    list_members,
    member_names,
    others_here,
    remove_member,
    roles_here,
)
from selfos.features.workspaces.service.registration import (
    me,
    me_after_login,
    open_account,
    register,
)
from selfos.features.workspaces.service.workspaces import (
    create_team,
    delete_workspace,
    find_owned,
    found_workspace,
    get_workspace,
    ledger_position,
    list_workspaces,
    rename_workspace,
    standing,
    whole_workspace,
)

__all__ = [
    "accept_invitation",
    "active_among",
    "add_member",
    "change_role",
    "create_team",
    "delete_workspace",
    "find_owned",
    "found_workspace",
    "get_workspace",
    "invite",
    "is_active_member",
    "ledger_position",
    "list_invitations",
    "list_members",
    "list_workspaces",
    "me",
    "me_after_login",
    "member_names",
    "open_account",
    "others_here",
    "register",
    "remove_member",
    "rename_workspace",
    "roles_here",
    "standing",
    "whole_workspace",
    "withdraw_invitation",
]
