"""What reaches people outside the page they look at: reminders, the inbox, mail, push.

Reminders are somebody's own plans; everything else here is a projection of the ledger: no verb of
another slice sends anything. Publishes what happens to reminders; listens to tasks, goals, habits,
undo and moves to another time zone.
"""
