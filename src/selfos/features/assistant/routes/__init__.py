"""The assistant over HTTP."""

from selfos.features.assistant.routes import coach, conversations, profiles

ROUTERS = (conversations.router, coach.router, profiles.router)
