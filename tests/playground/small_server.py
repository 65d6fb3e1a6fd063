"""What a server of the environment's settings says and offers, as JSON: see test_limits.py."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from engine import OwnData, Spec
from engine.own_data import standardized
from playground.board import line
from playground.board.start import can_take_points, make_start
from playground.board.stream import Stream
from playground.board.told import read_told
from playground.board.value import about, own_dict, read_value
from playground.experiments.plan import VALUES, Experiment, Varied
from playground.lessons import LESSONS, OFFERED
from playground.own_data import edit
from playground.own_data.table import read_table
from playground.tf_playground import read_link

APP = Path(__file__).parents[2] / "playground" / "main.py"


def opened(**query: str) -> dict:
    """What the page shows of a link."""
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update(query)
    app.run()
    failed = [element.value for element in (*app.exception, *app.error)]
    if failed:
        return {"failed": failed}
    spec = app.session_state["visit"].spec
    buttons = {button.key: button.disabled for button in app.button}
    return {
        "hidden": spec.hidden,
        "samples": spec.samples,
        "dataset": spec.dataset,
        "lesson": app.session_state["visit"].lesson,
        "link": dict(app.query_params),
        "notices": [warning.value for warning in app.warning],
        "buttons": buttons,
        "most units": [entry.max for entry in app.number_input if entry.key.startswith("units")],
        "most samples": app.slider(key="samples").max,
        "many": app.session_state["visit"].many,
        "views": [option for group in app.segmented_control for option in group.options],
    }


def refusal(function: Callable, *arguments: object) -> str:
    """Why something can't be; "" if it can."""
    try:
        function(*arguments)
    except ValueError as error:
        return str(error)
    return ""


def value_of(spec: Spec) -> str:
    """The value of a run as a board keeps it."""
    present = {"settings": about(spec, None, None)["settings"], "changes": [], "epoch": 0}
    data = {} if spec.own is None else {spec.own.digest: own_dict(spec.own)}
    return json.dumps({"present": present, "data": data})


def own_data(count: int) -> OwnData:
    """A person's data: so many rows."""
    points = np.random.default_rng(0).normal(size=(count, 2))
    return standardized("rows.csv", ("a", "b"), "kind", points, np.arange(count) % 2, ("x", "y"))


line.routes()  # the page believes that it is served
run = Stream(Spec(samples=60, hidden=(3,))).run
start = make_start(run, spec=run.spec, half_width=1.0)
rows = "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(60))
varied = (Varied("learning_rate", (0.01, 0.1)),)
json.dump(
    {
        "default": opened(),
        "spirals": opened(dataset="spirals"),
        "large": opened(hidden="8,8,8", samples="2000"),
        "wide": opened(hidden="16"),
        "deep lesson": opened(lesson="vanishing"),
        "seeds": opened(view="seeds"),
        "own": opened(own="0123456789ab"),
        "offered": list(OFFERED),
        "lessons": list(LESSONS),
        "board": [start["most_layers"], start["most_units"], start["first_units"]],
        "points": can_take_points(run),
        "told": refusal(read_told, {"name": "reshape", "value": {"hidden": [8, 8, 8]}}),
        "brought": refusal(read_value, value_of(Spec(hidden=(8, 8, 8)))),
        "brought own": refusal(
            read_value, value_of(Spec(hidden=(), samples=100, own=own_data(60)))
        ),
        "table": refusal(read_table, rows.encode(), "rows.csv"),
        "point": refusal(lambda: edit.with_point(edit.taken_over(run), 0.0, 0.0, 0)),
        "tensorflow": [read_link("#networkShape=8,8,8&dataset=circle")[0].hidden],
        "values": VALUES["hidden"],
        "plan": refusal(Experiment, replace(run.spec), 10, 20, "weight_seed", varied),
    },
    sys.stdout,
)
