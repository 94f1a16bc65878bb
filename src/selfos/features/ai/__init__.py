"""AI that only proposes: goals become plans, plans become proposals, and the user applies them.

Rules first: every verb answers without a key, and each answer says which rung gave it. Publishes
`proposal.*`; changes goals and tasks only through planning's verbs, and only in `apply_proposal`.
"""
