"""Habits over HTTP, noun by noun."""

from selfos.features.habits.routes import check_ins, habits, pauses

ROUTERS = (habits.router, check_ins.router, pauses.router)
