"""The server's end of the board: what it sends, and that the present is the frame on screen."""

import gc
import json
import struct
import threading
import zlib
from itertools import pairwise
from types import FunctionType, ModuleType

import numpy as np
import pytest

from engine import Run, Spec, inspection
from engine.datasets import DATASETS
from engine.history import FLOWS
from engine.moments import replay
from playground.board.frames import (
    RESOLUTION,
    UNIT_RESOLUTION,
    _inside,
    class_borders,
    make_frame,
    pack,
)
from playground.board.pinned import Pin
from playground.board.request import BATCH, Request
from playground.board.stopping import StopRule
from playground.board.stream import Stream
from playground.board.value import RunValue, read_value
from playground.palette import region_bytes, region_palette
from playground.server.config import Config


def unpack(message):
    """What the browser does: inflate, read the JSON, add up differences."""
    raw = zlib.decompress(message)
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    layer_sizes = header["layer_sizes"]
    offset, region, units, parameters, pinned_region = 4 + length, 0, 0, 0, 0
    wrong = pinned_wrong = np.zeros(-(-header["classified"] // 8), np.uint8)

    def changed_bits(before):
        return before ^ np.frombuffer(raw, np.uint8, len(before), offset)

    for frame in header["frames"]:
        region = region + changes(raw, RESOLUTION**2, offset, RESOLUTION)
        frame["region"] = region.reshape(RESOLUTION, RESOLUTION)
        offset += RESOLUTION**2
        nodes = sum(layer_sizes[:-1]) * UNIT_RESOLUTION**2
        units = units + changes(raw, nodes, offset, UNIT_RESOLUTION)
        frame["units"] = units.reshape(-1, UNIT_RESOLUTION, UNIT_RESOLUTION)
        offset += nodes
        lines = []
        for points in frame["borders"]:
            lines.append(np.frombuffer(raw, "<u2", 2 * points, offset).reshape(-1, 2) / 65535)
            offset += 4 * points
        frame["borders"] = lines
        count = sum((a + 1) * b for a, b in pairwise(layer_sizes))
        parameters = parameters + np.frombuffer(raw, np.uint8, 4 * count, offset)
        frame["parameters"] = parameters.reshape(4, count).T.copy().view("<f4").ravel()
        offset += 4 * count
        wrong = changed_bits(wrong)
        frame["misclassified"] = np.unpackbits(wrong, count=header["classified"]).astype(bool)
        offset += len(wrong)
        if "pinned" in frame:
            pinned_region = pinned_region + changes(raw, RESOLUTION**2, offset, RESOLUTION)
            frame["pinned"]["region"] = pinned_region.reshape(RESOLUTION, RESOLUTION)
            offset += RESOLUTION**2 + 4 * sum(frame["pinned"]["borders"])
            pinned_wrong = changed_bits(pinned_wrong)
            bits = np.unpackbits(pinned_wrong, count=header["classified"])
            frame["pinned"]["misclassified"] = bits.astype(bool)
            offset += len(pinned_wrong)
    assert offset == len(raw)
    return header


def changes(raw, count, offset, columns):
    """What has changed in pictures: they hold steps from row to row, and from node to node."""
    steps = np.frombuffer(raw, np.uint8, count, offset)
    rows_summed = steps.reshape(-1, columns).cumsum(axis=0, dtype=np.uint8)
    return rows_summed.ravel().cumsum(dtype=np.uint8)


class Screen:
    """The browser's bookkeeping, as far as the server can see it."""

    def __init__(self, stream):
        self.stream, self.take, self.requests = stream, 0, 0
        self.shown = self.last = unpack(stream.start())["frames"][0]["epoch"]

    def ask(self, frames=0, *, retake=False, **more):
        self.requests += 1
        if retake:
            self.take, self.last = self.take + 1, self.shown
        asked = {
            "run": self.stream.run_id,
            "take": self.take,
            "epoch": self.shown,
            "last": self.last,
            "frames": frames,
            "id": self.requests,
        }
        answer = unpack(self.stream.answer(Request(**(asked | more))))
        if answer["frames"]:
            self.last = answer["frames"][-1]["epoch"]
        return answer


def test_a_message_survives_the_trip():
    run = Run(Spec(dataset="spirals", classes=3))
    run.advance(3)
    frames = [make_frame(run, half_width=2.0)]
    run.advance()
    frames.append(make_frame(run, half_width=2.0))
    points = len(run.train_points) + len(run.test_points)
    about = {"run": "a", "layer_sizes": run.network.layer_sizes, "classified": points}
    header = unpack(pack(about, frames))
    assert header["run"] == "a"
    for frame, sent in zip(frames, header["frames"], strict=True):
        assert sent["epoch"] == frame.epoch
        assert tuple(sent["losses"]) == frame.losses
        np.testing.assert_array_equal(sent["region"], frame.region)
        np.testing.assert_array_equal(sent["units"], frame.units)
        np.testing.assert_allclose(sent["parameters"], frame.parameters, rtol=1e-6)
        for line, sent_line in zip(frame.borders, sent["borders"], strict=True):
            np.testing.assert_allclose(sent_line, line, atol=1 / 65535)


def test_a_frame_bears_the_numbers_of_its_epoch_to_the_last_digit():
    stream, alone = Stream(Spec()), Run(Spec())
    for frame in Screen(stream).ask(5)["frames"]:
        alone.advance()
        row = alone.history[-1]
        assert frame["epoch"] == alone.epoch
        assert frame["losses"] == [row.train_loss, row.test_loss]
        assert frame["accuracies"] == [row.train_accuracy, row.test_accuracy]
        assert frame["flows"] == [row[flow].tolist() for flow in FLOWS]


def test_first_message_has_charts_history_and_the_untrained_network():
    header = unpack(Stream(Spec()).start())
    assert [frame["epoch"] for frame in header["frames"]] == [0]
    assert set(header["start"]["figures"]) == {"region", "loss", *FLOWS}
    assert len(header["start"]["palette"]) == 256


def test_border_of_two_classes_is_the_contour_at_one_half():
    """p = x1 along the square: the border is the vertical line in the middle."""
    p = np.tile(np.linspace(0.0, 1.0, 11), (11, 1))
    (line,) = class_borders(np.stack([1.0 - p, p], axis=-1))
    np.testing.assert_allclose(line[:, 0], 0.5)
    assert {line[0, 1], line[-1, 1]} == {0.0, 1.0}


def test_every_dataset_has_frames():
    for dataset in DATASETS:
        stream = Stream(Spec(dataset=dataset, samples=50))
        assert len(Screen(stream).ask(3)["frames"]) == 3


def test_the_fitted_curve_is_what_the_network_predicts():
    """A network with one input: no region, and a line through the predicted values."""
    stream = Stream(Spec(dataset="curve"))
    (frame,) = Screen(stream).ask(1)["frames"]
    side = inspection.half_width(stream.run)
    ((x, y),) = [line.T for line in frame["borders"]]
    predicted = stream.run.predict(np.linspace(-side, side, len(x))[:, np.newaxis])[:, 0]
    np.testing.assert_allclose((2.0 * y - 1.0) * side, predicted, atol=1e-4)
    assert len(np.unique(frame["region"])) == 1


def test_a_curve_that_leaves_the_square_ends_where_it_leaves():
    """A steep line enters at the bottom and leaves at the top; a wave comes back."""
    (line,) = _inside(np.array([[0.0, -1.0], [0.5, 0.5], [1.0, 2.0]]))
    np.testing.assert_allclose(line, [[1 / 3, 0.0], [0.5, 0.5], [2 / 3, 1.0]], atol=1e-12)
    first, second = _inside(np.array([[0.0, 0.5], [0.5, 1.5], [1.0, 0.5]]))
    np.testing.assert_allclose(first, [[0.0, 0.5], [0.25, 1.0]], atol=1e-12)
    np.testing.assert_allclose(second, [[0.75, 1.0], [1.0, 0.5]], atol=1e-12)
    assert _inside(np.array([[0.0, 1.5], [1.0, 1.5]])) == ()
    assert _inside(np.array([[0.0, 1.2], [1.0, 3.0]])) == ()


def test_a_frame_has_a_picture_of_every_unit_and_every_parameter():
    stream = Stream(Spec(dataset="spirals", classes=3, hidden=(5, 4), features=("x1", "x1_x2")))
    (frame,) = Screen(stream).ask(1)["frames"]
    assert len(frame["units"]) == 2 + 5 + 4
    assert len(frame["parameters"]) == len(stream.run.network.parameters)
    start = Screen(stream).ask(start=True)["start"]
    assert start["unit_names"] == [
        ["x₁", "x₁x₂"],
        [f"hidden 1, unit {unit}" for unit in range(1, 6)],
        [f"hidden 2, unit {unit}" for unit in range(1, 5)],
        ["output, class 0", "output, class 1", "output, class 2"],
    ]


@pytest.mark.parametrize(
    "spec",
    [
        Spec(),
        Spec(loss="softmax_cross_entropy", test_share=0.5),
        Spec(dataset="spirals", classes=3, initializer="zeros"),
    ],
)
def test_a_frame_says_which_points_are_misclassified(spec):
    """As many of the training and of the test points as the accuracies say, and those very ones."""
    stream, alone = Stream(spec, pin=Pin(Spec(hidden=(2,)))), Run(spec)
    frames = [*Screen(stream).ask(2)["frames"], *Screen(stream).ask(3, speed=5)["frames"]]
    for frame in frames:
        alone.advance(int(frame["epoch"]) - alone.epoch)
        wrong = np.split(frame["misclassified"], [len(alone.train_labels)])
        assert [1.0 - part.mean() for part in wrong] == pytest.approx(frame["accuracies"])
        predicted = alone.predict(alone.train_points).argmax(axis=1)
        np.testing.assert_array_equal(wrong[0], predicted != alone.train_labels)
        of_a = np.split(frame["pinned"]["misclassified"], [len(alone.train_labels)])
        expected = frame["pinned"]["accuracies"]
        assert [1.0 - part.mean() for part in of_a] == pytest.approx(expected)


def test_no_point_of_a_regression_is_misclassified():
    (frame,) = Screen(Stream(Spec(dataset="hills"))).ask(1)["frames"]
    assert len(frame["misclassified"]) == 0


def test_a_penalty_makes_a_third_loss():
    stream = Stream(Spec(regularization="l1"))
    (frame,) = Screen(stream).ask(1)["frames"]
    row = stream.run.history[-1]
    assert frame["losses"] == [row.train_loss, row.test_loss, row.train_loss + row.penalty]


def test_speed_is_epochs_a_frame():
    answer = Screen(Stream(Spec(samples=50, hidden=()))).ask(3, speed=10)
    assert [frame["epoch"] for frame in answer["frames"]] == [10, 20, 30]


def test_a_live_change_acts_from_the_frame_on_screen():
    """Ten frames were sent, three were seen: the change is as if training had stopped at three."""
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    screen.ask(10)
    screen.shown = 3
    frames = screen.ask(4, retake=True, changes=[("learning_rate", 0.5)])["frames"]

    alone.advance(3)
    alone.change("learning_rate", 0.5)
    alone.advance(4)
    assert [frame["epoch"] for frame in frames] == [4, 5, 6, 7]
    assert {frame["learning_rate"] for frame in frames} == {0.5}
    assert frames[-1]["losses"][0] == alone.history.train_loss[-1]
    assert stream.run.changes == alone.changes == ((3, "learning_rate", 0.5),)
    np.testing.assert_array_equal(stream.run.history, alone.history)


def test_a_repeated_request_gets_the_same_frames_again():
    """An answer that got lost on the way can be asked for once more, change included."""
    stream = Stream(Spec())
    screen = Screen(stream)
    screen.ask(5)
    screen.shown = 2
    first = screen.ask(4, retake=True, changes=[("learning_rate", 0.5)])
    screen.last = 2
    again = screen.ask(4, changes=[("learning_rate", 0.5)])
    assert [f["losses"] for f in again["frames"]] == [f["losses"] for f in first["frames"]]
    assert stream.run.changes == ((2, "learning_rate", 0.5),)


def test_a_retake_without_a_change_repeats_the_very_same_run():
    """A new speed drops the frames in flight, but not the numbers."""
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    screen.ask(10)
    screen.shown = 4
    answer = screen.ask(2, retake=True, speed=5)
    alone.advance(14)
    assert [frame["epoch"] for frame in answer["frames"]] == [9, 14]
    np.testing.assert_array_equal(stream.run.history, alone.history)


def test_a_board_that_is_mounted_anew_starts_at_the_frame_last_seen():
    stream = Stream(Spec())
    screen = Screen(stream)
    screen.ask(10)
    screen.shown = 6
    screen.ask(5)
    answer = screen.ask(start=True, run="")
    assert [frame["epoch"] for frame in answer["frames"]] == [6]
    curve = answer["start"]["figures"]["loss"]["data"][0]
    assert curve["x"] == list(range(7))


def test_reset_begins_again_from_the_same_start():
    stream = Stream(Spec())
    first = unpack(stream.start())
    screen = Screen(stream)
    screen.ask(5)
    again = screen.ask(reset=True)
    assert again["run"] != first["run"]
    assert again["frames"][0]["losses"] == first["frames"][0]["losses"]
    np.testing.assert_array_equal(again["frames"][0]["region"], first["frames"][0]["region"])


def test_reset_keeps_a_learning_rate_that_was_changed():
    stream = Stream(Spec())
    screen = Screen(stream)
    screen.ask(retake=True, changes=[("learning_rate", 0.5)])
    answer = screen.ask(reset=True)
    assert answer["frames"][0]["learning_rate"] == 0.5
    assert stream.run.changes == ()


def test_a_change_that_is_out_of_range_is_refused_by_name():
    screen = Screen(Stream(Spec()))
    with pytest.raises(ValueError, match="learning_rate must be a number from 1e-05 to 10"):
        screen.ask(1, retake=True, changes=[("learning_rate", 11)])


def test_a_request_for_an_old_run_gets_the_new_one():
    stream = Stream(Spec())
    old = stream.run_id
    stream.restart(Spec(dataset="circles"))
    assert unpack(stream.answer(Request(run=old, epoch=5, last=9, frames=3)))["start"]


def test_a_new_run_waits_for_the_answer_that_is_being_made(monkeypatch):
    """Two script runs at once: no message mixes frames of two networks, and the new run stays."""
    stream = Stream(Spec())
    screen = Screen(stream)
    other = Spec(hidden=(3,))
    restarting = threading.Thread(target=stream.restart, args=[other])

    def make_while_restarting(run, **how):
        if not restarting.ident:
            restarting.start()
            restarting.join(timeout=0.3)  # it can't end before this answer does
        return make_frame(run, **how)

    monkeypatch.setattr("playground.board.made.make_frame", make_while_restarting)
    answer = {}
    pack_message = stream._pack
    monkeypatch.setattr(
        stream,
        "_pack",
        lambda frames, **more: (
            answer.update(sizes={len(f.units) for f in frames}) or pack_message(frames, **more)
        ),
    )
    screen.ask(4)
    assert answer["sizes"] == {2 + 8 + 8}
    restarting.join()
    header = unpack(stream.start())
    assert header["layer_sizes"] == [2, 3, 1]
    assert header["start"]


def test_an_epoch_that_is_not_known_any_more_starts_the_board_anew():
    stream = Stream(Spec())
    screen = Screen(stream)
    screen.ask(5)
    screen.shown = screen.last = 77
    assert "start" in screen.ask(3)


def test_divergence_is_said_and_every_number_sent_is_finite():
    stream = Stream(Spec(activation="linear", hidden=(16, 16, 16), learning_rate=10.0))
    answer = Screen(stream).ask(40)  # JSON is made with allow_nan=False: it would raise
    assert answer["diverged"]
    assert len(answer["frames"]) < 40


@pytest.mark.parametrize("dataset", ["moons", "spirals", "plane", "curve"])
def test_a_network_of_huge_weights_is_drawn_without_a_warning(dataset):
    """Finite parameters, whose products are not: every cell still has a colour."""
    run = Run(Spec(dataset=dataset, activation="linear", hidden=(8, 8)))
    run.network.parameters *= 1e200
    frame = make_frame(run, half_width=2.0)
    assert frame.region.shape == (RESOLUTION, RESOLUTION)
    for line in frame.borders:
        assert np.isfinite(line).all()
    assert pack({}, [frame])


def test_a_change_takes_a_diverged_run_up_again():
    stream = Stream(Spec(activation="linear", hidden=(16, 16, 16), learning_rate=10.0))
    screen = Screen(stream)
    screen.ask(40)
    screen.shown = 0
    answer = screen.ask(5, retake=True, changes=[("learning_rate", 0.01)])
    assert not answer["diverged"]
    assert [frame["epoch"] for frame in answer["frames"]] == [1, 2, 3, 4, 5]


def test_a_run_ends_at_its_last_epoch(monkeypatch):
    monkeypatch.setattr("playground.board.stream.MAX_EPOCHS", 12)
    answer = Screen(Stream(Spec(samples=50, hidden=()))).ask(5, speed=5)
    assert [frame["epoch"] for frame in answer["frames"]] == [5, 10, 12]
    assert answer["finished"]


def test_a_message_is_cut_by_its_time_budget(monkeypatch):
    """Even a frame of many slow epochs comes after the first epoch that is over time."""
    monkeypatch.setattr("playground.board.stream.config", lambda: Config(seconds_per_answer=0.0))
    stream = Stream(Spec())
    screen = Screen(stream)
    assert [f["epoch"] for f in screen.ask(50, speed=50)["frames"]] == [1]
    assert [f["epoch"] for f in screen.ask(50, speed=50)["frames"]] == [2]


def test_snapshots_are_kept_for_frames_in_flight_only():
    stream = Stream(Spec(samples=50, hidden=()))
    screen = Screen(stream)
    for _ in range(20):
        screen.ask(30)
        screen.shown = screen.last
    assert len(stream._made._moments._recent) <= 31


def test_a_frame_may_be_a_single_mini_batch():
    """Its numbers are those of the run mid-epoch, and the next epoch ends where it would."""
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    for sent in screen.ask(3, speed=BATCH)["frames"]:
        alone.advance_batch()
        assert sent["epoch"] == alone.position
        assert sent["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
    screen.shown = screen.last
    alone.advance()
    (whole,) = screen.ask(1)["frames"]
    assert whole["epoch"] == 1
    assert whole["losses"] == [alone.latest.train_loss, alone.latest.test_loss]


def test_the_board_can_go_back_to_a_mini_batch_on_screen():
    stream = Stream(Spec())
    screen = Screen(stream)
    (first, *_) = screen.ask(4, speed=BATCH)["frames"]
    screen.shown = first["epoch"]
    (again, *_) = screen.ask(2, retake=True, speed=BATCH)["frames"]
    alone = Run(Spec())
    alone.advance_batch()
    alone.advance_batch()
    assert again["epoch"] == alone.position
    assert again["losses"] == [alone.latest.train_loss, alone.latest.test_loss]


def test_an_edited_weight_brings_the_frame_on_screen_anew():
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    screen.ask(6)
    screen.shown = 4
    answer = screen.ask(retake=True, changes=[("parameter", [3, 1.5])])
    alone.advance(4)
    alone.change("parameter", (3, 1.5))
    assert answer["redrawn"]
    assert answer["changes"] == [[4, "w = 1.5"]]
    (frame,) = answer["frames"]
    assert frame["epoch"] == 4
    assert frame["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
    assert stream.spec == Spec()
    alone.advance()
    assert screen.ask(1)["frames"][0]["losses"] == [
        alone.latest.train_loss,
        alone.latest.test_loss,
    ]


def test_a_learning_rate_is_marked_and_the_frame_stays():
    screen = Screen(Stream(Spec()))
    answer = screen.ask(retake=True, changes=[("learning_rate", 0.5)])
    assert answer["changes"] == [[0, "η = 0.5"]]
    assert not answer["redrawn"]
    assert not answer["frames"]


def test_what_is_looked_at_is_a_copy_of_the_frame_on_screen():
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    screen.ask(5)
    stream.look(stream.run_id, 3)
    present = stream.present()
    alone.advance(3)
    np.testing.assert_array_equal(present.network.parameters, alone.network.parameters)
    present.advance(10)  # does not disturb the run
    screen.shown = 3
    alone.advance(2)
    frames = screen.ask(1)["frames"]
    alone.advance()
    assert frames[0]["losses"] == [alone.latest.train_loss, alone.latest.test_loss]


def test_a_look_at_an_epoch_that_is_not_there_is_not_followed():
    stream = Stream(Spec())
    stream.look(stream.run_id, 17)
    assert stream.present().epoch == 0


def test_a_diagnosis_has_words_and_a_number_for_each_layer():
    diagnosis = Screen(Stream(Spec())).ask(2)["frames"][-1]["diagnosis"]
    run = Run(Spec())
    run.advance(2)
    expected = inspection.diagnose(run)
    assert diagnosis["text"] == expected.text
    assert diagnosis["flat"] == list(expected.flat)
    assert diagnosis["flat_name"] == expected.flat_name == "saturated"
    assert diagnosis["updates"] == list(expected.updates)


def test_a_past_epoch_can_become_the_present():
    """Long after its frame was in flight: the same future, or another with a change."""
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    screen.ask(1)
    screen.shown = screen.last
    screen.ask(retake=True, changes=[("learning_rate", 0.5)])
    for _ in range(4):
        screen.ask(100)
        screen.shown = screen.last
    screen.shown = 1
    frames = screen.ask(3, retake=True)["frames"]
    alone.advance(1)
    alone.change("learning_rate", 0.5)
    for frame in frames:
        alone.advance()
        assert frame["losses"] == [alone.latest.train_loss, alone.latest.test_loss]
    screen.shown = 0
    answer = screen.ask(1, retake=True)
    assert answer["changes"] == []
    assert answer["frames"][0]["learning_rate"] == stream.spec.learning_rate == 0.1


def test_what_is_explained_may_be_a_past_epoch():
    stream, alone = Stream(Spec()), Run(Spec())
    screen = Screen(stream)
    while stream.run.epoch < 150:
        screen.ask(50)
        screen.shown = screen.last
    ahead = stream.run.epoch
    stream.look(stream.run_id, 7)
    alone.advance(7)
    np.testing.assert_array_equal(stream.present().network.parameters, alone.network.parameters)
    assert stream.run.epoch == ahead
    assert len(stream.present().history) == 8


def test_a_message_ends_where_the_run_is_to_pause():
    screen = Screen(Stream(Spec()))
    answer = screen.ask(9, retake=True, speed=5, stop=StopRule(epoch=12))
    assert [frame["epoch"] for frame in answer["frames"]] == [5, 10, 12]
    assert answer["stop"] == "Stopped at epoch 12, as asked."
    answer = screen.ask(2, speed=5)
    assert [frame["epoch"] for frame in answer["frames"]] == [17, 22]
    assert answer["stop"] == ""


def test_a_stop_rule_stays_for_the_next_run():
    stream = Stream(Spec())
    Screen(stream).ask(retake=True, stop=StopRule(epoch=3))
    stream.restart(Spec(hidden=(3,)))
    assert Screen(stream).ask(9)["stop"]


def test_what_the_board_is_to_choose_is_said_when_a_run_begins_and_not_when_it_begins_again():
    choices = {"flow": "error_rms", "speed": 10}
    stream = Stream(Spec(), choices=choices)
    assert unpack(stream.start())["start"]["choices"] == choices
    assert Screen(stream).ask(reset=True)["start"]["choices"] == {}
    stream.restart(Spec(), choices=choices)
    stream.follow(Spec(hidden=(3,)))
    assert unpack(stream.start())["start"]["choices"] == {}


def test_a_lesson_stops_at_its_last_epoch():
    answer = Screen(Stream(Spec(), stop_at=6)).ask(9, speed=10)
    assert [frame["epoch"] for frame in answer["frames"]] == [6]
    assert "lesson" in answer["stop"]


def test_a_run_of_the_settings_on_the_page_may_be_brought_while_a_control_is_changed():
    """The page has come back at another server with what its link says: a click counts at once."""
    stream = Stream(Spec(learning_rate=0.3))
    stream.bring(RunValue(Spec(), ((2.0, "learning_rate", 0.3),), epoch=4.0))
    assert not stream.brought
    assert stream.follow(Spec(hidden=(3,)))
    assert stream.spec.hidden == (3,)


def test_a_run_that_is_brought_is_made_again_to_the_last_bit():
    """With its live changes, and from there on as if it had never been away."""
    spec = Spec(hidden=(4,))
    changes = ((2.0, "learning_rate", 0.5), (5.0, "parameter", (3, 1.25)))
    alone = Run(spec)
    replay(alone, changes, 30.0)
    stream = Stream(Spec())
    stream.bring(RunValue(spec, changes, 20.0))
    screen = Screen(stream)
    assert screen.shown == stream.run.epoch == 20
    screen.ask(10)
    np.testing.assert_array_equal(stream.run.network.parameters, alone.network.parameters)
    np.testing.assert_array_equal(stream.run.history, alone.history)
    assert stream.run.changes == changes


def test_a_run_that_is_made_again_makes_room_for_others(monkeypatch):
    """It is made step by step, and given up when the page begins another run."""
    monkeypatch.setattr("playground.board.stream.SECONDS_A_STEP", 0.0)
    stream = Stream(Spec())
    stream.bring(RunValue(Spec(hidden=(4,)), epoch=20.0))
    steps = [stream.make() for _ in range(5)]
    reached = [epoch for epoch, _ in steps]
    assert reached == sorted(reached)
    assert 0.0 < reached[0] < reached[-1] < 20.0
    assert {wanted for _, wanted in steps} == {20.0}
    stream.restart(Spec(hidden=(5,)))
    assert stream.make() is None
    assert stream.run.epoch == 0
    assert stream.spec == Spec(hidden=(5,))


def test_a_run_that_can_t_be_made_again_stands_at_its_beginning():
    stream = Stream(Spec())
    value = RunValue(Spec(hidden=(4,)), ((1.0, "parameter", (10_000, 1.0)),), 3.0)
    with pytest.raises(ValueError, match="index must be a whole number from 0 to 16, got 10000"):
        stream.bring(value)
    assert stream.run.epoch == 0
    assert stream.spec == Spec(hidden=(4,))


@pytest.mark.parametrize("ahead", [0, 4])
def test_a_run_that_was_put_away_is_the_same_to_the_last_bit(ahead):
    """Also mid-epoch, with changes, with frames in flight, and with what it looked like."""
    stream, alone = Stream(Spec(optimizer="adam")), Run(Spec(optimizer="adam"))
    screen = Screen(stream)
    screen.ask(6)
    screen.shown = screen.last
    screen.ask(retake=True, changes=(("learning_rate", 0.02), ("parameter", (2, 0.5))))
    screen.ask(3, speed=BATCH)
    screen.shown = screen.last
    screen.ask(ahead)
    assert stream.put_away()
    replay(alone, ((6.0, "learning_rate", 0.02), (6.0, "parameter", (2, 0.5))), screen.last)
    assert not stream.is_made
    assert stream.spec.learning_rate == 0.02
    answer = screen.ask(2)
    assert answer["frames"][0]["epoch"] > screen.shown
    assert stream.shown == screen.shown
    alone.advance(2)
    np.testing.assert_array_equal(stream.run.network.parameters, alone.network.parameters)
    np.testing.assert_array_equal(stream.run.optimizer_state.memory, alone.optimizer_state.memory)
    np.testing.assert_array_equal(stream.run.history, alone.history)


def test_a_run_that_diverged_before_it_was_put_away_has_diverged_after():
    stream = Stream(Spec(activation="linear", hidden=(16, 16, 16), learning_rate=10.0))
    screen = Screen(stream)
    while not screen.ask(20)["diverged"]:
        screen.shown = screen.last
    end = stream.run.position
    assert stream.put_away()
    assert stream.run.diverged
    assert stream.run.position == end


def test_a_run_that_ends_while_it_is_put_away_is_among_the_past_ones():
    stream = Stream(Spec())
    screen = Screen(stream)
    screen.ask(5)
    screen.shown = 3
    stream.look(stream.run_id, 3)
    assert stream.put_away()
    stream.restart(Spec(noise=0.3))
    (past,) = stream.past.runs
    assert (past.number, past.epoch, past.spec) == (1, 3, Spec())
    assert not stream.run.epoch


def test_a_run_that_is_put_away_keeps_no_arrays():
    stream = Stream(Spec(samples=2_000), pin=Pin(Spec(samples=2_000, hidden=(2,))))
    Screen(stream).ask(20)
    assert bytes_of_arrays(stream) > 100_000
    stream.put_away()
    assert bytes_of_arrays(stream) == 0


def bytes_of_arrays(thing) -> int:
    """Of all NumPy arrays that an object leads to."""
    found, ahead, size = set(), [thing], 0
    while ahead:
        one = ahead.pop()
        if id(one) in found or isinstance(one, (type, ModuleType, FunctionType)):
            continue
        found.add(id(one))
        size += one.nbytes if isinstance(one, np.ndarray) else 0
        ahead += gc.get_referents(one)
    return size


def test_a_learning_rate_that_was_changed_meanwhile_starts_no_run():
    """The page says what its controls say, the rate of a moment ago among it."""
    stream = Stream(Spec())
    Screen(stream).ask(retake=True, changes=(("learning_rate", 0.3),))
    run = stream.run
    assert not stream.follow(Spec())
    assert stream.run is run
    assert stream.follow(Spec(noise=0.3))
    assert stream.spec == Spec(noise=0.3, learning_rate=0.3)


def test_the_board_is_told_of_a_run_that_the_page_begins_and_no_more_once_it_has_gone():
    stream, heard = Stream(Spec()), []

    def listener():
        heard.append(unpack(stream.start()))

    stream.contact.listen(listener)
    stream.restart(Spec(hidden=(3,)))
    stream.contact.forget(listener)
    stream.restart(Spec(hidden=(4,)))
    (start,) = heard
    assert start["layer_sizes"] == [2, 3, 1]
    assert start["start"]


def test_a_board_that_was_away_gets_no_start_if_it_shows_the_run():
    stream = Stream(Spec())
    same = unpack(stream.go_on(stream.run_id))
    assert same["go_on"]
    assert not same["frames"]
    assert unpack(stream.go_on("another"))["start"]


def test_the_value_of_a_run_makes_it_again():
    """What a board is told and keeps is what `read_value` reads."""
    stream = Stream(Spec(hidden=(4,)), pin=Pin(Spec(hidden=(2,)), ((1.0, "learning_rate", 1.0),)))
    screen = Screen(stream)
    about = unpack(stream.start())["value"]
    screen.ask(3)
    screen.shown = screen.last
    made = screen.ask(2, retake=True, changes=(("parameter", (0, 0.1)),))["made"]
    assert "made" not in screen.ask(1)
    kept = {
        "present": {"settings": about["settings"], "changes": made, "epoch": screen.last},
        "pin": about["pin"],
        "stop_at": about["stop_at"],
    }
    value = read_value(json.dumps(kept))
    assert value == RunValue(stream.run.spec, stream.run.changes, 6.0, stream.pin)


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("epochs", [0, 3, 60])
def test_pictures_in_float32_look_the_same(dataset, epochs):
    """No byte is more than a step of its colour scale off."""
    run = Run(Spec(dataset=dataset, samples=60, optimizer="adam", learning_rate=0.05))
    run.advance(epochs)
    side = inspection.half_width(run)
    classes = 0 if run.spec.is_regression else run.spec.classes
    palette = np.array(region_palette(classes), int)
    exact, fast = (
        palette[region_bytes(inspection.region(run, half_width=side, resolution=60, fast=fast))]
        for fast in (False, True)
    )
    steps = palette[1:, 3] - palette[:-1, 3]
    faint = np.maximum(exact[..., 3], fast[..., 3]) <= np.abs(steps).max()  # whatever its hue
    assert np.abs(exact[..., 3] - fast[..., 3]).max() <= np.abs(steps).max()
    assert ((exact[..., :3] == fast[..., :3]).all(axis=-1) | faint).all()


def test_huge_weights_are_drawn_in_float64():
    """In float32 they would overflow."""
    run = Run(Spec(hidden=(3,)))
    run.network.parameters *= 1e30
    side = inspection.half_width(run)
    with np.errstate(all="ignore"):
        exact, fast = (
            inspection.region(run, half_width=side, resolution=9, fast=fast)
            for fast in (False, True)
        )
    np.testing.assert_array_equal(exact, fast)
