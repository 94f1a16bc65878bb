"""AI over HTTP."""

from selfos.features.ai.routes import accounts, proposals

ROUTERS = (proposals.router, accounts.router)
