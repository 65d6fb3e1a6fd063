"""The run to be heard: nothing before it is wanted, then a pitch that follows the loss."""

import math
from itertools import pairwise

import pytest

from tests.browser.test_accessibility import choose
from tests.browser.test_board import board, expect_state, press, wait_for_epoch

QUERY = "?samples=100&hidden=4"
MODULE = "document.querySelector('link[href$=\"/sound.js\"]').href"

# the Web Audio of a page whose sound is written down
RECORDER = """() => {
    const heard = (window.heard = { contexts: 0, pitches: [], loudness: [], tones: [], pans: [] });
    window.AudioContext = class extends AudioContext {
        constructor() { super(); heard.contexts += 1; heard.context = this; }
    };
    const { setTargetAtTime } = AudioParam.prototype;
    AudioParam.prototype.setTargetAtTime = function (value, ...rest) {
        if (this.maxValue > 1e4 && this.maxValue < 1e6) heard.pitches.push(value);
        else heard.loudness.push(value);
        return setTargetAtTime.call(this, value, ...rest);
    };
    const { start } = AudioScheduledSourceNode.prototype;
    AudioScheduledSourceNode.prototype.start = function (...when) {
        heard.tones.push([this.type, this.frequency.value]);
        return start.call(this, ...when);
    };
}"""


def test_each_factor_of_ten_is_as_far_from_the_next(open_board):
    page = open_board(QUERY)
    values = [0.0, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 1e9]
    pitches = page.evaluate(f"async values => values.map((await import({MODULE})).pitchOf)", values)
    assert pitches[:3] == pytest.approx([110.0] * 3)
    assert pitches[-2:] == pytest.approx([880.0] * 2)
    steps = [math.log2(high / low) for low, high in pairwise(pitches[2:-1])]
    assert steps == pytest.approx([0.6] * 5)  # three octaves for five factors of ten


def test_it_is_heard_while_it_plays_once_it_is_wanted(open_board):
    page = open_board(QUERY)
    page.evaluate(RECORDER)
    press(page, "Play")
    wait_for_epoch(page, 5)
    assert page.evaluate("heard.contexts") == 0
    choose(page, "Sound")
    page.wait_for_function("heard.pitches.length > 4")
    assert page.evaluate("heard.contexts") == 1
    assert [tone[0] for tone in page.evaluate("heard.tones")[:2]] == ["sine", "triangle"]
    assert page.evaluate("heard.loudness.slice(0, 2).every(loudness => loudness > 0)")
    page.wait_for_function("heard.tones.some(([type]) => type === 'square')")  # an epoch clicks
    wait_for_epoch(page, 60)
    press(page, "Pause")
    expect_state(page, "paused")
    assert page.evaluate("heard.loudness.slice(-2)") == [0, 0]
    loss = float(page.locator("[data-value=train_loss]").get_attribute("title"))
    share = (math.log10(loss) + 4) / 5
    assert page.evaluate("heard.pitches.at(-2)") == pytest.approx(110 * 8**share)
    losses = page.evaluate("heard.pitches.filter((_, i) => i % 2 === 0)")
    assert losses[-1] < losses[0]  # it has learned
    choose(page, "Sound")
    page.wait_for_function("heard.context.state === 'suspended'")


def test_a_chord_is_struck_when_it_diverges(open_board):
    page = open_board("?dataset=hills&optimizer=sgd&learning_rate=10")
    page.evaluate(RECORDER)
    choose(page, "Sound")
    press(page, "Play")
    expect_state(page, "diverged")
    chord = page.evaluate("heard.tones.filter(([type]) => type === 'sawtooth')")
    assert len(chord) == 4
    assert board(page).get_attribute("data-state") == "diverged"
