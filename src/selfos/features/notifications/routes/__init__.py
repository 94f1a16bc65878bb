"""Notifications over HTTP: everybody's own."""

from selfos.features.notifications.routes import destinations, inbox, reminders, ways

ROUTERS = (reminders.router, ways.router, destinations.router, inbox.router)
