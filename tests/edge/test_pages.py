"""The web app's files: one page for all addresses, assets for a year, nothing beside them."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from selfos.edge import pages
from selfos.edge.http import make_app
from selfos.kernel.settings import Settings


@pytest.fixture(scope="module", autouse=True)
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A built web app, and a secret beside it."""
    outside = tmp_path_factory.mktemp("pages")
    static = outside / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>the app</title>")
    (static / "favicon.svg").write_text("<svg/>")
    (static / "sw.js").write_text("addEventListener('fetch', () => {})")
    (static / "assets" / "app-1a2b3c.js").write_text("console.log(1)")
    (outside / "secret.key").write_text("secret")
    (static / "link.txt").symlink_to(outside / "secret.key")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "STATIC", static.resolve())
        yield


@pytest.fixture(scope="module")
def visitor(built: None, settings: Settings) -> httpx2.AsyncClient:
    app = make_app(settings, lambda: pytest.fail("pages need no kernel"))
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize("path", ["/", "/today", "/goals/0197/plan", "/register?next=%2Ftoday"])
async def test_every_address_of_the_app_is_its_one_page(
    visitor: httpx2.AsyncClient, path: str
) -> None:
    answer = await visitor.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"].startswith("text/html")
    assert "the app" in answer.text


async def test_assets_are_kept_for_a_year(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/assets/app-1a2b3c.js")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]
    assert (await visitor.get("/assets/gone.js")).status_code == 404


async def test_files_beside_the_page_are_served_fresh(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/favicon.svg")
    assert (answer.text, answer.headers["cache-control"]) == ("<svg/>", "no-cache")


async def test_the_service_worker_is_asked_for_anew_and_allowed_to_run(
    visitor: httpx2.AsyncClient,
) -> None:
    answer = await visitor.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    assert "javascript" in answer.headers["content-type"]
    policy = answer.headers["content-security-policy"]
    assert "worker-src 'self'" in policy
    assert "selfos-worker" in policy


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.key",
        "/..%2fsecret.key",
        "/%2e%2e/secret.key",
        "/assets/../../secret.key",
        "/assets/..%2f..%2fsecret.key",
        "/assets%2f..%2f..%2fsecret.key",
        "/link.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/a%00b",
        "/" + "a" * 5_000,
    ],
)
async def test_nothing_outside_is_served(visitor: httpx2.AsyncClient, path: str) -> None:
    answer = await visitor.get(httpx2.URL("http://test").copy_with(raw_path=path.encode()))
    assert "secret" not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code in {200, 404}


async def test_unknown_operations_are_no_pages(visitor: httpx2.AsyncClient) -> None:
    answer = await visitor.get("/api/v2/tasks")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_build_the_page_says_what_to_do(
    visitor: httpx2.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    answer = await visitor.get("/")
    assert answer.status_code == 503
    assert "make run" in answer.text
