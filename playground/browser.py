"""What Streamlit knows of the browser and has no public word for."""

import threading
import time

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

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


def run_every_part_that_was_told_something() -> None:
    """Callback, the last thing that it does: leave no part of the page out.

    What is told in one moment, the browser sends as one message that names one part of the page (a
    fragment). Only that part would run, and a button elsewhere would have been pressed in vain: one
    click in twenty or so while the board plays on a busy machine. So all parts with a control that
    was changed run, or the whole page; buttons stay pressed, and no callback is called again. This
    reads Streamlit's insides, and leaves it at the one part if they change.
    """
    context = get_script_run_ctx()
    if context is None or context.fragment_ids_this_run is None:
        return
    try:
        state = context.session_state._state
        said = state._new_widget_state
        clicks = state._filter_active_trigger_widget_states(
            state._current_interaction_widget_states
        )
        names = {name for name in said if name in state._old_state and state._widget_changed(name)}
        names.update(click.id for click in (clicks.widgets if clicks else ()))
        told = {said.widget_metadata[name].fragment_id for name in names}
    except (AttributeError, KeyError):
        return
    if told <= {*context.fragment_ids_this_run}:
        return
    raise RerunException(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=[] if None in told else sorted(part for part in told if part),
            replay_trigger_states=clicks,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )


def went_through_history() -> bool:
    """Whether this script run comes of Back or Forward in the browser.

    The query does not tell: until the browser has heard of a new one, it sends the one before.
    """
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
