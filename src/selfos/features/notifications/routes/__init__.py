"""Notifications over HTTP: everybody's own."""

from selfos.features.notifications.routes import inbox, reminders, ways

ROUTERS = (reminders.router, ways.router, inbox.router)
