"""Notifications over HTTP: everybody's own."""

from selfos.features.notifications.routes import destinations, inbox, reminders, templates, ways

ROUTERS = (reminders.router, ways.router, destinations.router, templates.router, inbox.router)
