"""Nothing on the board flashes more than WCAG 2.2 allows (2.3.1): counted in the pixels."""

import base64
import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from engine import Run, inspection
from engine.datasets import DATASETS
from engine.spec import recommended
from playground.board.frames import RESOLUTION, UNIT_RESOLUTION, make_frame, pack
from playground.board.stream import Stream
from playground.export.steps import finished
from tests.browser.test_board import board, epoch, picture, press
from tests.browser.test_inside import open_view

LIMIT = 21_824  # px², a quarter of 341 by 256, that may flash more than three times a second
RATES = (0.1, 0.3, 1.0, 3.0, 10.0)
FRAMES = 66  # at 60 a second: a flash more than fits into one

# Counts flashes in canvases, pixel by pixel, and knows nothing of how they are painted. Every
# fourth pixel in both directions stands for those around it.
COUNTER = """
() => void (globalThis.makeCounter = (canvas, back) => {
  const [width, height] = [canvas.width, canvas.height].map((size) => Math.ceil(size / 4));
  const brush = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  brush.imageSmoothingEnabled = false;
  const linear = Float32Array.from({ length: 256 }, (_, value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const count = width * height;
  const area = (canvas.clientWidth * canvas.clientHeight) / count;
  const [extremes, directions] = [new Float32Array(count), new Int8Array(count).fill(2)];
  const swings = Array.from({ length: count }, () => []);
  // px² that flash more than three times a second
  return (now) => {
    brush.fillStyle = back;
    brush.fillRect(0, 0, width, height);
    brush.drawImage(canvas, 0, 0, width, height);
    const { data } = brush.getImageData(0, 0, width, height);
    let flashing = 0;
    for (let i = 0; i < count; i += 1) {
      const [red, green, blue] = [data[4 * i], data[4 * i + 1], data[4 * i + 2]];
      const value = 0.2126 * linear[red] + 0.7152 * linear[green] + 0.0722 * linear[blue];
      const change = value - extremes[i];
      if (directions[i] === 2) [extremes[i], directions[i]] = [value, 0];
      else if (change * directions[i] > 0) extremes[i] = value;
      else if (Math.abs(change) >= 0.1 && Math.min(value, extremes[i]) < 0.8) {
        [extremes[i], directions[i]] = [value, Math.sign(change)];
        swings[i].push(now);
      }
      // four flashes are eight swings
      if (swings[i].length >= 8 && swings[i].at(-8) > now - 1000) flashing += area;
    }
    return flashing;
  };
})
"""

# Feeds recorded runs to a board, 60 frames a second by a clock of its own.
FEED = """
async ({ recordings, isGuarded }) => {
  const served = (name) => document.querySelector(`link[href$="/${name}"]`).href;
  const { makeBoard } = await import(served('board.js'));
  const { unpack } = await import(served('message.js'));
  const flashing = [];
  let made;
  for (const text of recordings) {
    const packed = Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
    const { header, frames } = await unpack(packed);
    if (!made) { // the first one has what the runs start with
      document.querySelector('#board').replaceChildren();
      made = makeBoard(document.querySelector('#markup').innerHTML, async () => Plotly);
      made.tick = () => {};
      document.querySelector('#board').append(made.root);
      made.load(header, frames);
      continue;
    }
    const views = [made.prediction.region, made.network];
    for (const { calm } of views) {
      for (const guard of calm.guards.values()) guard.limit = isGuarded ? guard.limit : Infinity;
    }
    const back = getComputedStyle(made.root).getPropertyValue('--st-background-color');
    const counters = views.map(({ canvas }) => makeCounter(canvas, back));
    const start = performance.now() + 5000; // the run before is forgotten
    const clock = performance.now;
    let most = 0;
    frames.forEach((frame, number) => {
      const now = start + (number * 1000) / 60;
      performance.now = () => now;
      for (const view of views) {
        view.draw(frame);
        view.settle(now);
      }
      most = Math.max(most, counters.reduce((sum, counter) => sum + counter(now), 0));
    });
    performance.now = () => clock.call(performance) + 20_000;
    flashing.push(Math.round(most));
  }
  return flashing;
}
"""


def recordings(dataset: str, rates: tuple[float, ...]) -> list[str]:
    """What a run of a dataset starts with, and its frames at each learning rate, as base64."""
    spec = recommended(dataset)
    start = finished(Stream(spec).record([], [0]))
    runs = [Run(replace(spec, learning_rate=rate)) for rate in rates]
    return [base64.b64encode(packed).decode() for packed in (start, *map(frames_of, runs))]


def frames_of(run: Run) -> bytes:
    """The frames of a run, epoch by epoch."""
    half_width = inspection.half_width(run)
    frames = []
    for _ in range(FRAMES):
        frames.append(make_frame(run, half_width=half_width))
        run.advance()
    labels = [] if run.spec.is_regression else [*run.train_labels, *run.test_labels]
    header = {
        "resolution": RESOLUTION,
        "unit_resolution": UNIT_RESOLUTION,
        "layer_sizes": run.network.layer_sizes,
        "classified": len(labels),
    }
    return pack(header, frames)


def flashing(page: Page, dataset: str, rates: tuple[float, ...], *, is_guarded=True) -> list[int]:
    """The largest area, px², that flashes at each rate."""
    feed = {"recordings": recordings(dataset, rates), "isGuarded": is_guarded}
    found: list[int] = page.evaluate(FEED, feed)
    return found


def test_no_dataset_flashes_at_any_learning_rate(open_board):
    page = open_board()
    page.evaluate(COUNTER)
    found = {dataset: flashing(page, dataset, RATES) for dataset in DATASETS}
    too_much = {dataset: areas for dataset, areas in found.items() if max(areas) > LIMIT}
    assert too_much == {}
    # without the guard it would: what is counted is there
    assert flashing(page, "checkerboard", (0.1, 3.0), is_guarded=False) > [4 * LIMIT, 4 * LIMIT]


WATCH = """
() => new Promise((resolve) => {
  const canvas = document.querySelector('[data-view=region] canvas');
  const back = getComputedStyle(canvas).getPropertyValue('--st-background-color');
  const counter = makeCounter(canvas, back);
  const start = performance.now();
  let [most, looks] = [0, 0];
  const look = (now) => {
    most = Math.max(most, counter(now));
    looks += 1;
    if (now - start < 1500) requestAnimationFrame(look);
    else resolve({ flashing: most, looks });
  };
  requestAnimationFrame(look);
})
"""


def test_while_it_plays_the_board_says_that_the_picture_is_calmed_and_shows_it_as_it_is_when_paused(
    open_board,
):
    query = "?dataset=checkerboard&learning_rate=3&show=region"
    page = open_board(query)
    page.evaluate(COUNTER)
    press(page, "Play")
    note = page.locator("[data-view=region] .calmed")
    expect(note).to_have_text("Picture calmed: it changes too fast to be safe to look at")
    seen = page.evaluate(WATCH)
    assert seen["looks"] > 8
    assert seen["flashing"] <= LIMIT
    press(page, "Pause")
    expect(note).to_have_text("")
    calmed, at = picture(page), epoch(page)
    still = open_board(f"{query}&epoch={at}")
    expect(board(still)).to_have_attribute("data-epoch", str(at))
    assert picture(still) == calmed


def test_with_less_motion_pictures_fade_but_end_as_they_are(open_board):
    page = open_board("?dataset=checkerboard&learning_rate=3&show=region", reduced_motion="reduce")
    page.evaluate(COUNTER)
    untrained = picture(page)
    note = page.locator("[data-view=region] .calmed")
    press(page, "Step")
    expect(board(page)).to_have_attribute("data-epoch", "1")
    expect(note).to_have_text("")
    assert picture(page) != untrained
    press(page, "Play")
    expect(note).to_have_text(re.compile("your system asks for less motion"))
    press(page, "Pause")
    expect(note).to_have_text("")
    assert max(flashing(page, "checkerboard", (0.1, 3.0))) <= LIMIT / 10


def test_with_less_motion_nothing_scrolls_smoothly(open_page):
    page = open_page(reduced_motion="reduce")
    page.evaluate(
        """() => {
            globalThis.scrolls = [];
            Element.prototype.scrollIntoView = (how) => void scrolls.push(how.behavior);
        }"""
    )
    open_view(page, "In matrices")
    page.wait_for_function("scrolls.length > 0")
    assert set(page.evaluate("scrolls")) == {"instant"}
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
