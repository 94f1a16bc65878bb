"""The `selfos` command."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from pydantic import ValidationError

from selfos import __version__
from selfos.kernel.core import Urls, find_database
from selfos.kernel.embedded import EmbeddedUnavailable, running
from selfos.kernel.errors import Problem
from selfos.kernel.settings import Settings
from selfos.kernel.telemetry import configure_logging

app = typer.Typer(
    help="SelfOS: a self-hosted operating system for a life.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ai = typer.Typer(help="What models may learn from, for whoever runs this instance.")
preferences = typer.Typer(help="What people like and dislike, from those alone who consent.")
ai.add_typer(preferences, name="preferences")
app.add_typer(ai, name="ai")
analytics = typer.Typer(help="Logins for dashboards of whoever runs this instance.")
app.add_typer(analytics, name="analytics")
DataOption = Annotated[Path | None, typer.Option(help="Folder for all data.")]


def main() -> None:
    """Run the command; foreseeable failures are one sentence on stderr."""
    with _ending_with(EmbeddedUnavailable):
        app()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free one.")] = None,
    data: DataOption = None,
) -> None:
    """Bring the schema up to date and serve, with a worker in the same process."""
    with _loading():
        from selfos.edge.server import serve as run

    settings = _settings(host=host, port=port, data=data)
    # A service manager's SIGTERM ends us as Ctrl-C does: in order, and well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    urls = _prepare(settings)
    # Both come here after everything has been shut down in order.
    with contextlib.suppress(KeyboardInterrupt):
        run(settings, urls, lambda address: say(f"SelfOS is ready: {address}  (Ctrl-C stops it)"))
    say("Stopped.")


@app.command()
def worker(data: DataOption = None) -> None:
    """Work background jobs off, in a process of its own."""
    with _loading():
        from selfos.edge.server import work

    settings = _settings(data=data)
    work(settings, _reach_database(settings))


@app.command()
def migrate(data: DataOption = None) -> None:
    """Bring the database to this version's schema."""
    settings = _settings(data=data)
    _prepare(settings)


@app.command()
def doctor(
    data: DataOption = None,
    *,
    retry_dead: Annotated[bool, typer.Option(help="Put dead jobs back into the queue.")] = False,
    rollups: Annotated[
        bool, typer.Option(help="Compare the sums of progress with a recount.")
    ] = False,
    recount: Annotated[bool, typer.Option(help="The same, and put wrong sums right.")] = False,
) -> None:
    """Examine every part and say what is wrong; exits 1 if something is down."""
    with _loading():
        from selfos.edge.diagnosis import examine

    settings = _settings(data=data)
    if settings.database_url is None:
        alive = running(settings.data / "postgres")
        say(f"embedded database: {'in use' if alive else 'not running; started for this check'}")
    urls = _reach_database(settings)
    wanted = {"retry_dead": retry_dead, "rollups": rollups, "recount": recount}
    sys.exit(asyncio.run(examine(settings, urls, say, **wanted)))


@app.command()
def demo(
    data: DataOption = None,
    time_zone: Annotated[str, typer.Option(help="Where its person lives.")] = "Europe/Berlin",
) -> None:
    """Make an account with a sample life to look around in, and say how to sign in to it."""
    with _loading():
        from selfos.edge.demonstration import demonstrate

    settings = _settings(data=data)
    urls = _prepare(settings)
    asyncio.run(demonstrate(settings, urls, say, time_zone=time_zone))


@app.command()
def mcp(
    data: DataOption = None,
    token_file: Annotated[
        Path | None, typer.Option(help="File with the token; else SELFOS_MCP_TOKEN.")
    ] = None,
) -> None:
    """Offer the tools to an assistant that starts this command (MCP over stdio)."""
    with _loading():
        from selfos.edge.mcp.stdio import find_token, speak

    settings = _settings(data=data)
    with _ending_with(Problem, OSError):
        token = find_token(settings, token_file)
        asyncio.run(speak(settings, _reach_database(settings), token))


@preferences.command("export")
def export_preferences(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.")],
    data: DataOption = None,
) -> None:
    """Write pairs (DPO) and single opinions (KTO) as JSON lines, with a manifest."""
    from selfos.edge.preferences import export

    settings = _settings(data=data)
    export(settings, _reach_database(settings), folder, say)


@preferences.command("prune")
def prune_preferences(
    folder: Annotated[Path, typer.Argument(help="Where an earlier export is.")],
    data: DataOption = None,
) -> None:
    """Take out of an earlier export what has been erased or withdrawn since."""
    from selfos.edge.preferences import prune

    settings = _settings(data=data)
    try:
        prune(settings, _reach_database(settings), folder, say)
    except FileNotFoundError as error:
        say(f"error: no export to prune: {error.filename} is missing")
        sys.exit(1)


@analytics.command("grant")
def grant_analytics(
    login: Annotated[str, typer.Argument(help="The login's name, such as grafana.")],
    data: DataOption = None,
    *,
    with_names: Annotated[
        bool, typer.Option(help="Let it read names of areas, goals, habits and people, too.")
    ] = False,
) -> None:
    """Make a login that only reads the views analytics_*, and print how to connect, this once."""
    from selfos.edge.analytics import NotGranted, grant

    urls = _reach_database(_settings(data=data))
    with _ending_with(NotGranted):
        typer.echo(grant(urls, login, say, with_names=with_names))


@analytics.command("revoke")
def revoke_analytics(
    login: Annotated[str, typer.Argument(help="The login's name.")],
    data: DataOption = None,
) -> None:
    """Remove such a login and cut its connections."""
    from selfos.edge.analytics import NotGranted, revoke

    urls = _reach_database(_settings(data=data))
    with _ending_with(NotGranted):
        revoke(urls, login, say)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def say(message: str) -> None:
    """Tell the person at the terminal."""
    typer.echo(message, err=True)


@contextlib.contextmanager
def _loading() -> Generator[None]:
    """Keep the collector from walking again and again what the block loads for good.

    That is a fifth of what a start costs.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextlib.contextmanager
def _ending_with(*expected: type[Exception]) -> Generator[None]:
    """End the command with 1 and the reason when what may go wrong does."""
    try:
        yield
    except expected as error:
        say(f"error: {error}")
        sys.exit(1)


def _settings(**given: object) -> Settings:
    try:
        settings = Settings(**{k: v for k, v in given.items() if v is not None})  # pyright: ignore[reportArgumentType]
    except (ValidationError, ValueError) as error:
        reasons = (
            [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
            if isinstance(error, ValidationError)
            else [str(error)]
        )
        for reason in reasons:
            say(f"error: {reason}")
        sys.exit(2)
    configure_logging(settings.log_level, settings.log_format)
    return settings


def _prepare(settings: Settings) -> Urls:
    from selfos.migrations.head import bring_up_to_date

    say("Starting the database")
    urls = _reach_database(settings)
    say("Bringing the schema up to date")
    bring_up_to_date(urls.owner)
    return urls


def _reach_database(settings: Settings) -> Urls:
    """Return how to reach the database, or end with the reason why nobody can."""
    try:
        urls = find_database(settings)
        psycopg.connect(urls.owner).close()
    except (psycopg.OperationalError, OSError) as error:
        say(f"error: the database cannot be used: {error}")
        sys.exit(1)
    return urls
