"""Files on their way to the browser, over a server that answers as Streamlit does."""

import gzip
import re
import urllib.error

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground import app, delivery
from playground.board import assets
from tests.playground.serving import fetch, serving

FOR_EVER = {"Cache-Control": "public, immutable, max-age=31536000"}
NOT_FOR_EVER = {"Cache-Control": "no-cache"}
SCRIPT = b"export const weights = [1, 2, 3];\n" * 100


@pytest.fixture
def asked() -> list[str]:
    """The paths that the server behind was asked for."""
    return []


@pytest.fixture
def site(asked: list[str]):
    """Where files are served, through what every answer passes."""

    def file(path: str, media_type: str, status: int = 200, **headers: str) -> Route:
        async def serve(request: Request) -> Response:
            asked.append(request.url.path)
            return Response(SCRIPT, status, {**FOR_EVER, **headers}, media_type=media_type)

        return Route(path, serve)

    routes = [
        file("/", "text/html", **NOT_FOR_EVER),
        file("/index.abc.js", "text/javascript"),
        file("/font.abc.woff2", "font/woff2"),
        file("/changing.js", "text/javascript", **NOT_FOR_EVER),
        file("/packed.js", "text/javascript", **{"Content-Encoding": "br"}),
        file("/missing.abc.js", "text/javascript", 404),
        *assets.routes(),
    ]
    with serving(Starlette(routes=routes, middleware=app.middleware())) as address:
        yield f"http://{address}"


def gzipped(address: str):
    return fetch(address, **{"Accept-Encoding": "gzip, deflate"})


def test_a_file_that_never_changes_is_compressed_once(site, asked):
    for _ in range(2):
        answer = gzipped(f"{site}/index.abc.js")
        body, headers = answer.read(), answer.headers
        assert headers["Content-Encoding"] == "gzip"
        assert headers["Content-Length"] == str(len(body))
        assert headers["Cache-Control"] == FOR_EVER["Cache-Control"]
        assert headers["Vary"] == "Accept-Encoding"
        assert len(body) < len(SCRIPT) / 10
        assert gzip.decompress(body) == SCRIPT
    assert asked == ["/index.abc.js"]


def test_who_takes_no_gzip_gets_the_file_as_it_is(site):
    gzipped(f"{site}/index.abc.js")
    answer = fetch(f"{site}/index.abc.js")
    assert answer.read() == SCRIPT
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/font.abc.woff2", "/changing.js"])
def test_what_changes_or_gets_no_smaller_is_left_alone(site, asked, path):
    for _ in range(2):
        answer = gzipped(site + path)
        assert answer.read() == SCRIPT
        assert "Content-Encoding" not in answer.headers
    assert asked == [path, path]


def test_what_is_compressed_already_is_left_alone(site):
    answer = gzipped(f"{site}/packed.js")
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.read() == SCRIPT


def test_what_is_missing_is_not_kept(site, asked):
    for _ in range(2):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            gzipped(f"{site}/missing.abc.js")
    assert asked == ["/missing.abc.js"] * 2


def test_no_more_is_kept_than_the_limit(site, asked, monkeypatch):
    monkeypatch.setattr(delivery, "MOST_KEPT", 10)
    for _ in range(2):
        assert gzip.decompress(gzipped(f"{site}/index.abc.js").read()) == SCRIPT
    assert asked == ["/index.abc.js"] * 2


def test_the_page_asks_for_every_module_of_the_board_at_once(site):
    links = fetch(f"{site}/").headers["Link"]
    addresses = re.findall(r"<([^>]+)>; rel=modulepreload", links)
    names = {address.rsplit("/", 1)[-1] for address in addresses}
    assert names == {"page.js", *assets.modules()}
    for address in addresses:
        assert fetch(site + address).status == 200
    assert "Link" not in fetch(f"{site}/index.abc.js").headers


def test_below_a_base_path_the_page_is_there(monkeypatch):
    async def page(request: Request) -> Response:
        return Response("page")

    monkeypatch.setattr(delivery, "base_path", lambda: "/mlp")
    routes = [Route(path, page) for path in ("/", "/mlp", "/mlp/")]
    middleware = [Middleware(delivery.EarlyBoard)]
    with serving(Starlette(routes=routes, middleware=middleware)) as address:
        assert "Link" not in fetch(f"http://{address}/").headers
        for path in ("/mlp", "/mlp/"):
            assert "Link" in fetch(f"http://{address}{path}").headers
