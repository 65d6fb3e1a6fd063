"""The board as a picture, and a run as a film, drawn by Matplotlib without a browser."""

import io
import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from PIL import Image

from engine import Run, Spec, inspection
from engine.arrays import Floats
from engine.moments import replay_by_epoch
from playground import figures, naming, palette
from playground.board.frames import class_borders
from playground.board.start import region_title
from playground.export.steps import Steps, finished
from playground.export.stops import stops_of
from playground.past.runs import describe
from playground.server.turns import turns

INCHES = (12.0, 7.5)
# left, lower edge, width and height of each panel, as shares of the figure, clockwise
PANELS = (
    (0.01, 0.395, 0.53, 0.53),
    (0.55, 0.395, 0.44, 0.53),
    (0.01, 0.015, 0.53, 0.37),
    (0.55, 0.015, 0.44, 0.37),
)
ROOM = (0.8, 0.5, 0.25, 0.7)  # inches in a panel around its axes: left, lower, right, upper
WORDS = 8.5  # points, of legends: legible in a film, too
FRAME = "#c8c8c8"
MOST_IN_A_ROW = 5  # of a legend
PNG_DPI = 150
GIF_DPI = 75
MOST_FRAMES = 60  # of a film
MILLISECONDS_A_FRAME = (
    170  # whatever flips between frames, it flashes less than three times a second
)
MILLISECONDS_AT_THE_END = 2_000
COLORS = 128  # of a film's frame
RESOLUTION = 120  # nodes along a side of the region
UNIT_RESOLUTION = 24
WIDEST_LINK = 4.0  # points
# Matplotlib's names for Plotly's marks and dashes
MARKS = {"circle": "o", "diamond": "D", "triangle-up": "^", "triangle-down": "v"}
DASHES = {"solid": "-", "dash": "--", "dot": ":"}

_DRAWING = threading.Lock()  # Matplotlib has one reader of formulas for all threads


def png(run: Run) -> bytes:
    """The board of a run as it stands: network, regions, losses and flow of gradients."""
    return finished(png_steps(run))


def png_steps(run: Run) -> Steps:
    """As `png`, in two steps."""
    with _DRAWING:
        drawing = Drawing(run)
        drawing.show(run)
    yield run.position
    file = io.BytesIO()
    with _DRAWING:
        drawing.figure.savefig(file, format="png", dpi=PNG_DPI)
    return file.getvalue()


def gif(run: Run) -> bytes:
    """The same from the run's beginning to where it stands, evenly spread epochs of it.

    The run is trained once more for it. Axes stay where they are from frame to frame.
    """
    return finished(gif_steps(run))


def gif_steps(run: Run) -> Steps:
    """As `gif`: each epoch of training is a step; a frame is two."""
    with _DRAWING:
        drawing = Drawing(run)
        film = drawing.film()
    yield 0.0
    again = Run(run.spec)
    again.after_batch = turns().give_way
    frames = []
    for stop in stops_of(run, MOST_FRAMES):
        yield from replay_by_epoch(again, run.changes, stop)
        drawing.show(again)
        yield again.position
        with _DRAWING:
            frame = film()
        frames.append(frame.quantize(COLORS, method=Image.Quantize.FASTOCTREE))
        yield again.position
    first, *others = frames
    file = io.BytesIO()
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[MILLISECONDS_A_FRAME] * len(others) + [MILLISECONDS_AT_THE_END],
        loop=0,
    )
    return file.getvalue()


class Drawing:
    """The board in Matplotlib: drawn once for a run, then shown at any moment of it.

    Attributes:
        figure: of Matplotlib.
    """

    def __init__(self, whole: Run) -> None:
        """whole: the run; its history sets the axes of the curves."""
        self.figure = Figure(INCHES)
        network, region, loss, flow = (
            _panel(self.figure, *place, title)
            for place, title in zip(PANELS, _titles(whole.spec), strict=True)
        )
        self._about = _text(describe(whole.spec, whole.changes))
        self._title = self.figure.suptitle(" \n ", fontsize=11)
        self._half_width = inspection.half_width(whole)
        # what changes from moment to moment, the lowest first, and how it follows a run
        self._moving: list[Artist] = [self._title]
        self._following: list[Callable[[Run], None]] = [self._name]
        self._draw_network(network, whole)
        self._draw_region(region, whole)
        self._draw_losses(loss, whole)
        self._draw_flow(flow, whole)

    def show(self, run: Run) -> None:
        """Show a run as it is now; it is of the Spec of the whole one."""
        with np.errstate(all="ignore"):
            for follow in self._following:
                follow(run)

    def film(self) -> Callable[[], Image.Image]:
        """Draw what stands still, once; a function that adds the rest, as it is shown by then."""
        self.figure.set_dpi(GIF_DPI)
        canvas = FigureCanvasAgg(self.figure)
        for artist in self._moving:
            artist.set_animated(True)  # not drawn with what stands still
        canvas.draw()
        still = canvas.copy_from_bbox(self.figure.bbox)

        def frame() -> Image.Image:
            canvas.restore_region(still)
            for artist in self._moving:
                self.figure.draw_artist(artist)
            return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")

        return frame

    def _name(self, run: Run) -> None:
        row = run.latest
        name = run.spec.score_name
        self._title.set_text(
            f"{self._about}\nepoch {run.position:g}   training loss {row.train_loss:.4g}   "
            f"test loss {row.test_loss:.4g}   test {name} {row.test_accuracy:.3g}"
        )

    def _draw_network(self, axes: Axes, run: Run) -> None:
        """Units with what they respond to, and weights as links between them."""
        sizes = run.network.layer_sizes
        places = [
            np.column_stack([np.full(size, float(layer)), (size - 1) / 2.0 - np.arange(size)])
            for layer, size in enumerate(sizes)
        ]
        links = []
        for left, right in pairwise(places):
            ends = [[start, end] for start in left for end in right]
            links.append(LineCollection(ends, zorder=1))
            axes.add_collection(links[-1])
        # units are square: as large as rows and columns let them be
        tallest = max(*sizes, 4)
        width, height = axes.bbox.width / len(sizes), axes.bbox.height / tallest
        side = min(0.84 * height, 0.45 * width)
        across, up = side / width / 2.0, side / height / 2.0
        widest = WIDEST_LINK * min(1.0, 8.0 / tallest)
        centres = np.concatenate(places[:-1])
        units = [
            axes.imshow(
                np.zeros((UNIT_RESOLUTION, UNIT_RESOLUTION, 3), np.uint8),
                extent=(x - across, x + across, y - up, y + up),
                origin="lower",
                aspect="auto",
                zorder=2,
            )
            for x, y in centres
        ]
        x, y = places[-1].T
        outputs = axes.scatter(x, y, s=200, c="white", edgecolors="black", zorder=3)
        axes.set(xlim=(-0.5, len(sizes) - 0.5), ylim=(-tallest / 2.0, tallest / 2.0))
        names = ["inputs", *naming.layer_names(len(sizes) - 1)]
        axes.set_xticks(range(len(sizes)), names, fontsize=WORDS)
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        self._moving += [*links, *units, outputs]

        def follow(now: Run) -> None:
            for link, weights in zip(links, now.network.weights, strict=True):
                _color_links(link, np.nan_to_num(weights.ravel()), widest)
            pictures = inspection.units(
                now, half_width=self._half_width, resolution=UNIT_RESOLUTION
            )
            values = np.nan_to_num(np.concatenate(pictures))[..., np.newaxis]
            painted = palette.on_white(palette.region_bytes(values), 0)
            for unit, picture in zip(units, painted, strict=True):
                unit.set_data(picture)

        self._following.append(follow)

    def _draw_region(self, axes: Axes, run: Run) -> None:
        """The regions with their borders, or the curve; and the data."""
        spec, half_width = run.spec, self._half_width
        (west, east), (south, north) = figures.plane(spec, half_width)
        classes = len(naming.class_names(spec))
        image = axes.imshow(
            np.full((1, 1, 3), 255, np.uint8),
            extent=(west, east, south, north),
            origin="lower",
            aspect="auto",
        )
        axes.set_box_aspect(1)
        axes.set_anchor("W")  # room for the legend
        lines = LineCollection([], colors="black", linewidths=1.5)
        axes.add_collection(lines)
        is_curve = spec.coordinates == 1
        self._moving += [image] if is_curve else [image, lines]
        for trace in figures.region_figure(run, half_width=half_width).data:
            is_test = trace.name == "test"
            colors, symbols = np.array(_colors(trace.marker.color)), np.array(trace.marker.symbol)
            for symbol in np.unique(symbols):
                are_marked = symbols == symbol
                points = axes.scatter(
                    np.array(trace.x)[are_marked],
                    np.array(trace.y)[are_marked],
                    s=22,
                    c=colors[are_marked],
                    marker=MARKS[symbol],
                    edgecolors="black" if is_test else "white",
                    linewidths=0.6,
                    zorder=3,
                )
                self._moving.append(points)
        if is_curve:
            lines.set(zorder=4, linewidths=2.0)  # in front of the points
            self._moving.append(lines)
        _set_legend(axes, _region_key(spec), loc="center left", bbox_to_anchor=(1.0, 0.5))
        axes.set(xlim=(west, east), ylim=(south, north))
        names = [*naming.axis_names(spec), "y"]
        axes.set_xlabel(_text(names[0]))
        axes.set_ylabel(_text(names[1]))

        def follow(now: Run) -> None:
            if is_curve:
                curve = inspection.curve(now, half_width=half_width, points=2 * RESOLUTION)
                lines.set_segments([np.nan_to_num(curve)])
                return
            predicted = np.nan_to_num(
                inspection.region(now, half_width=half_width, resolution=RESOLUTION)
            )
            image.set_data(palette.on_white(palette.region_bytes(predicted), classes))
            borders = class_borders(predicted) if classes else ()
            size, corner = [east - west, north - south], [west, south]
            lines.set_segments([border * size + corner for border in borders])

        self._following.append(follow)

    def _draw_losses(self, axes: Axes, run: Run) -> None:
        columns = ["train_loss", "test_loss"]
        (train,) = axes.plot([], [], color=palette.TRAIN_COLOR, label="training")
        (test,) = axes.plot([], [], color=palette.TEST_COLOR, linestyle=":", label="test")
        values = np.column_stack([run.history[column] for column in columns])
        _set_axes(axes, run, values, "loss")
        self._draw_curves([train, test], lambda past: [past.history[column] for column in columns])

    def _draw_flow(self, axes: Axes, run: Run) -> None:
        axes.set_yscale("log")
        layers = run.history.gradient_norms.shape[1]
        looks = zip(
            naming.layer_names(layers),
            _colors(palette.depth_colors(layers)),
            palette.depth_dashes(layers),
            strict=True,
        )
        lines = [
            axes.plot([], [], color=color, linestyle=DASHES[dash], label=name)[0]
            for name, color, dash in looks
        ]
        _set_axes(axes, run, run.history.gradient_norms, "‖dJ/dW‖")
        self._draw_curves(lines, lambda past: list(past.history.gradient_norms.T))

    def _draw_curves(self, lines: list[Any], values: Callable[[Run], list[Floats]]) -> None:
        self._moving += lines

        def follow(now: Run) -> None:
            for line, past in zip(lines, values(now), strict=True):
                line.set_data(now.history.epoch, np.where(past > 0, past, np.nan))

        self._following.append(follow)


def _set_axes(axes: Axes, run: Run, values: Floats, label: str) -> None:
    """Axes with room for a whole run."""
    is_log = axes.get_yscale() == "log"
    shown = values[values > 0]
    if len(shown):
        low, high = float(shown.min()), float(shown.max())
        margin = 0.05 * (high - low) or 0.5
        axes.set_ylim((low / 1.3, 1.3 * high) if is_log else (low - margin, high + margin))
    axes.set_xlim(0, max(float(run.history.epoch[-1]), 1.0))
    axes.set_xlabel("epoch")
    axes.set_ylabel(label)
    axes.grid(alpha=0.3)
    key, _ = axes.get_legend_handles_labels()
    columns = len(key) if len(key) <= MOST_IN_A_ROW else (len(key) + 1) // 2
    _set_legend(
        axes, key, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2, ncols=columns
    )


def _panel(
    figure: Figure, left: float, lower: float, width: float, height: float, title: str
) -> Axes:
    """Axes in a frame with a title, as a panel of the board."""
    rim = Rectangle(
        (left, lower),
        width,
        height,
        transform=figure.transFigure,
        facecolor="none",
        edgecolor=FRAME,
    )
    figure.add_artist(rim)
    wide, tall = INCHES
    figure.text(
        left + 0.1 / wide, lower + height - 0.1 / tall, title, va="top", weight="bold", size=11
    )
    west, south, east, north = (
        room / size for room, size in zip(ROOM, (wide, tall, wide, tall), strict=True)
    )
    axes = figure.add_axes(
        (left + west, lower + south, width - west - east, height - south - north)
    )
    axes.tick_params(which="both", labelsize=WORDS)
    return axes


def _titles(spec: Spec) -> tuple[str, ...]:
    """What the panels are called on the board."""
    flow = figures.FLOW_LABELS["gradient_norms"]
    return "Network", region_title(spec), "Loss", f"{flow.label} per layer"


def _region_key(spec: Spec) -> list[Line2D]:
    """What the colours and the marks in the picture of the plane stand for."""
    classes = naming.class_names(spec)
    mark: dict[str, Any] = {"linestyle": "none", "markersize": 6.0}
    key = [
        Line2D([], [], color=color, marker=shape, label=_text(naming.shortened(name)), **mark)
        for name, color, shape in zip(
            classes, palette.CLASS_COLORS, palette.OTHER_MARKS * "s" + 6 * "^", strict=False
        )
    ]
    if spec.coordinates == 1:
        key.append(Line2D([], [], color="black", label="what the network\npredicts"))
    elif not classes:
        key += [
            Line2D([], [], color=color, marker="s", label=f"{value:.3g}", **mark)
            for value, color in zip(palette.value_range(spec), palette.VALUE_COLORS, strict=True)
        ]
    return [
        *key,
        Line2D([], [], color="black", marker="o", label="training", **mark),
        Line2D([], [], color="black", marker="D", label="test", **mark),
    ]


def _set_legend(axes: Axes, key: Sequence[Any], **place: Any) -> None:
    axes.legend(
        handles=key,
        fontsize=WORDS,
        frameon=False,
        handlelength=1.2,
        handletextpad=0.4,
        columnspacing=1.0,
        **place,
    )


def _color_links(link: LineCollection, weights: Floats, widest: float) -> None:
    positive, negative = to_rgba(palette.VALUE_COLORS[1]), to_rgba(palette.VALUE_COLORS[0])
    largest = float(np.abs(weights).max()) or 1.0
    link.set_color([positive if weight > 0 else negative for weight in weights])
    link.set_linewidth((0.2 + widest * np.abs(weights) / largest).tolist())


def _colors(colors: Any) -> list[Any]:
    """Plotly's colours as Matplotlib has them."""
    found = []
    for color in colors:
        parts = color.removeprefix("rgb(").removesuffix(")").split(",")
        found.append(color if len(parts) == 1 else tuple(float(part) / 255.0 for part in parts))
    return found


def _text(words: str) -> str:
    """A person's words: Matplotlib would read formulas in them."""
    return words.replace("$", r"\$")
