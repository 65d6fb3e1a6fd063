"""The bare page of a class: which requests it answers, and what it says to a browser."""

import re
from http.client import HTTPConnection

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from playground.arrivals import Arrivals
from playground.board import assets
from playground.protection import POLICY, SecurityHeaders
from playground.room import page
from playground.room.page import StudentsPage
from playground.server.census import Census
from playground.server.config import Config
from tests.playground.serving import serving

IMPORT = re.compile(r"^import .*?from '([^']+)';$", re.MULTILINE | re.DOTALL)


async def streamlit(request):
    return PlainTextResponse("Streamlit's page")


class Answer:
    """What a server has said."""

    def __init__(self, host: str, path: str, method: str) -> None:
        line = HTTPConnection(host)
        line.request(method, path)
        response = line.getresponse()
        self.status, self.headers = response.status, response.headers
        self.text = response.read().decode()
        line.close()


@pytest.fixture(scope="module")
def ask():
    """A function that asks the way in, with something in the place of Streamlit: ask("/?room")."""
    passed = [Middleware(each) for each in (SecurityHeaders, StudentsPage, Arrivals)]
    routes = [Route(path, streamlit) for path in ("/", "/school", "/school/")]
    with serving(Starlette(routes=routes, middleware=passed)) as host:
        yield lambda path, method="GET": Answer(host, path, method)


@pytest.mark.parametrize(
    "query", ["room=ABCDE", "room=", "room", "noise=0.1&room=zz%20z", "room=%3C"]
)
def test_the_link_of_a_room_opens_the_bare_page(ask, query):
    answer = ask(f"/?{query}")
    assert answer.status == 200
    assert "live in class" in answer.text
    assert assets.address(page.SCRIPT) in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "query", ["", "noise=0.1", "room=ABCDE&turn=1", "room=ABCDE&turn=own&noise=0"]
)
def test_whoever_plays_gets_streamlits_page(ask, query):
    assert ask(f"/?{query}").text == "Streamlit's page"


def test_only_the_page_is_asked_for(ask):
    assert ask("/?room=ABCDE", "POST").status == 405
    assert ask("/elsewhere?room=ABCDE").status == 404
    assert ask("/?room=ABCDE", "HEAD").status == 200


def test_what_an_address_says_does_not_get_into_the_page(ask):
    assert ask("/?room=%3Cscript%3Ealert(1)%3C/script%3E").text == ask("/?room").text


def test_the_page_may_run_no_script_but_ours(ask):
    bare, full = (ask(f"/?{query}").headers[POLICY] for query in ("room=ABCDE", "noise=0.1"))
    assert "script-src 'self';" in bare
    assert "form-action 'none'" in bare
    assert "frame-ancestors 'self'" in bare
    assert "blob:" in full.split("script-src")[1].split(";")[0]
    assert not re.search(r"<script(?![^>]* src=)[^>]*>", ask("/?room=ABCDE").text)


def test_a_full_server_shows_it(ask, monkeypatch):
    full = Census(1)
    full.expect("somebody")
    monkeypatch.setattr("playground.arrivals.census", lambda: full)
    assert ask("/").status == 503
    assert ask("/?room=ABCDE").status == 200


def test_it_is_below_the_base_path(ask, monkeypatch):
    monkeypatch.setattr(page, "base_path", lambda: "/school")
    assert "live in class" in ask("/school?room=ABCDE").text
    text = ask("/school/?room=ABCDE").text
    assert 'data-line="/school/room"' in text
    assert 'data-home="/school/"' in text
    assert ask("/?room=ABCDE").text == "Streamlit's page"


def test_without_rooms_there_is_no_such_page(ask, monkeypatch):
    monkeypatch.setattr(page, "config", lambda: Config(rooms=0))
    assert ask("/?room=ABCDE").text == "Streamlit's page"


def test_all_modules_are_asked_for_at_once_and_no_other():
    """Those of the class: each is imported by the page's script, or by one that it imports."""
    found, new = set(), {page.SCRIPT}
    while new:
        found |= new
        texts = [assets.text(name) for name in new]
        imported = {name for text in texts for name in IMPORT.findall(text)}
        new = {f"room/{name[2:]}" for name in imported if name.startswith("./")} - found
    assert found - {page.SCRIPT} == set(page.MODULES)
