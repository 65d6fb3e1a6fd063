"""Files of what is on screen, served under the visit's token."""

import json
import urllib.error

import pytest
from starlette.applications import Starlette

from engine import Run, Spec
from playground import app, export
from playground.board.stream import Stream
from playground.export import saving, session_file
from playground.export.saving import DOWNLOADS, SESSION
from tests.playground.serving import fetch, serving
from tests.playground.test_stream import Screen


@pytest.fixture(scope="module")
def server():
    with serving(Starlette(routes=saving.routes(), middleware=app.middleware())) as address:
        yield address


@pytest.mark.parametrize("download", DOWNLOADS, ids=lambda download: download.file_name)
def test_a_file_is_of_the_epoch_on_screen(server, download):
    stream = Stream(Spec(samples=60, hidden=(4,)))
    screen = Screen(stream)
    screen.ask(6)
    stream.look(stream.run_id, 4)
    answer = fetch(f"http://{server}{saving.address(stream, download)}")
    content = download.make(stream)
    assert answer.read() == (content if isinstance(content, bytes) else content.encode())
    said = answer.headers["Content-Disposition"]
    assert said == f'attachment; filename="{download.file_name}"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_script_trains_to_the_epoch_on_screen_and_is_there_again(server):
    """Also while other visitors come and go, and of a run that was put away."""
    stream = Stream(Spec(samples=60, hidden=(4,)))
    Screen(stream).ask(6)
    stream.look(stream.run_id, 4)
    alone = Run(stream.spec)
    alone.advance(4)
    wanted = export.python_script(alone.spec, 4, ()).encode()
    address = f"http://{server}{saving.address(stream, DOWNLOADS[0])}"
    assert fetch(address).read() == wanted
    assert stream.put_away()
    assert fetch(address).read() == wanted


def test_a_session_loads_again(server):
    stream = Stream(Spec(samples=60))
    Screen(stream).ask(3)
    stream.look(stream.run_id, 3)
    stream.restart(Spec(samples=70))
    text = fetch(f"http://{server}{saving.address(stream, SESSION)}").read().decode()
    saved = session_file.read_session(text)
    assert saved.spec == Spec(samples=70)
    assert [run.spec for run in saved.past] == [Spec(samples=60)]
    assert json.loads(text)


@pytest.mark.parametrize("path", ["/save/{}/mlp.txt", "/save/nobody/mlp.py", "/save/{}/../mlp.py"])
def test_there_is_no_other_file(server, path):
    stream = Stream(Spec())
    saving.address(stream, SESSION)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"http://{server}{path.format(stream.token)}")
