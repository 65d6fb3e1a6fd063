"""What is read of Streamlit's insides: a run of the page waits until the browser has all of it."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from playground import browser


@pytest.fixture
def loop():
    """An event loop in a thread of its own, as the server has one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def pretend(monkeypatch, session) -> None:
    """Let there be a server with one visitor."""
    runtime = SimpleNamespace(get_app_session=lambda name: session)
    monkeypatch.setattr(browser, "AppSession", SimpleNamespace)
    monkeypatch.setattr(browser, "get_script_run_ctx", lambda: SimpleNamespace(session_id="id"))
    monkeypatch.setattr(
        browser, "Runtime", SimpleNamespace(exists=lambda: True, instance=lambda: runtime)
    )


def test_it_waits_for_what_is_on_its_way_into_the_queue_and_out_of_it(monkeypatch, loop):
    queue: list[str] = []
    delivered = []

    def deliver() -> None:
        delivered.append(queue.pop())

    def send() -> None:  # late, and delivered later still
        queue.append("message")
        loop.call_later(0.1, deliver)

    session = SimpleNamespace(
        _event_loop=loop, _browser_queue=SimpleNamespace(is_empty=lambda: not queue)
    )
    pretend(monkeypatch, session)
    busy = threading.Event()
    loop.call_soon_threadsafe(busy.wait)  # a server under load
    loop.call_soon_threadsafe(send)
    threading.Timer(0.1, busy.set).start()
    browser.wait_for_delivery()
    assert delivered == ["message"]


def test_whoever_has_gone_is_not_waited_for(monkeypatch, loop):
    monkeypatch.setattr(browser, "LONGEST", 0.01)
    pretend(
        monkeypatch,
        SimpleNamespace(_event_loop=loop, _browser_queue=SimpleNamespace(is_empty=lambda: False)),
    )
    browser.wait_for_delivery()
    pretend(monkeypatch, None)
    browser.wait_for_delivery()


def test_another_streamlit_is_given_some_time(monkeypatch):
    waited = []
    monkeypatch.setattr(browser, "time", SimpleNamespace(sleep=waited.append))
    pretend(monkeypatch, SimpleNamespace())
    browser.wait_for_delivery()
    assert waited == [browser.MOSTLY_ENOUGH]


def test_this_streamlit_has_the_insides_that_are_read():
    assert {"_event_loop", "_browser_queue"} <= set(AppSession.__init__.__code__.co_names)
    assert ForwardMsgQueue().is_empty()
