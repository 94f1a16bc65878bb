"""What `selfos demo` does and says."""

from __future__ import annotations

from collections.abc import Callable

from selfos.edge.registry import make_jobs
from selfos.features.sample import service as sample
from selfos.kernel.core import Urls, open_kernel
from selfos.kernel.settings import Settings


async def demonstrate(
    settings: Settings, urls: Urls, say: Callable[[str], None], *, time_zone: str
) -> None:
    """Make or refresh the demonstration account, live its sample life, and say how to sign in."""
    async with open_kernel(settings, urls.app, make_jobs()) as kernel:
        demo = await sample.open_demo(kernel, time_zone=time_zone)
        say(
            "Living a sample year; this takes a few seconds"
            if demo.has_new_life
            else "Its sample life is there already"
        )
        await kernel.jobs.work_off()
    say(f"Sign in with   {demo.email}")
    say(f"and password   {demo.password}   (each run of this command makes a new one)")
    say(f"at             {settings.origin}   once `selfos serve` runs")
    say("and choose “Ada’s year” in the menu of workspaces")
