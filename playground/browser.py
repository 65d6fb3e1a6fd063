"""What Streamlit knows of the browser and has no public word for."""

import threading
import time

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx

LONGEST = 2.0  # s: who has gone is not waited for
STEP = 0.002  # s
MOSTLY_ENOUGH = 0.05  # s


def wait_for_delivery() -> None:
    """Wait until what this script run has sent so far is on its way to the browser.

    When a fragment's run begins, Streamlit drops what the fragment has sent before and not
    delivered yet. A request of the board may come right after a run of the whole page, and without
    its part of that run the browser would take the board off the page for a moment. So that run
    waits at its end. This reads Streamlit's insides, and guesses if they change.
    """
    context = get_script_run_ctx()
    if context is None or not Runtime.exists():
        return
    session = Runtime.instance().get_app_session(context.session_id)
    if not isinstance(session, AppSession):  # gone, or a test's that has no server
        return
    try:
        loop, queue = session._event_loop, session._browser_queue
    except AttributeError:
        time.sleep(MOSTLY_ENOUGH)
        return
    deadline = time.monotonic() + LONGEST
    # messages get into the queue by way of the event loop: this comes after all that were sent
    queued = threading.Event()
    loop.call_soon_threadsafe(queued.set)
    queued.wait(LONGEST)
    while not queue.is_empty() and time.monotonic() < deadline:
        time.sleep(STEP)


def went_through_history() -> bool:
    """Whether this script run comes of Back or Forward in the browser.

    The query does not tell: until the browser has heard of a new one, it sends the one before.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
