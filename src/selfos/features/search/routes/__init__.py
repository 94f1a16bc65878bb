"""Search and filters over HTTP."""

from selfos.features.search.routes import filters, searching

ROUTERS = (searching.router, filters.router)
