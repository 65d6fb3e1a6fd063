"""Small pictures to choose by: of each dataset, and of what each lesson ends with.

Those of the datasets are drawn when the server starts. Those of the lessons take training, so they
are files, which `python -m playground.pictures` makes anew.
"""

import io
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engine import Run, inspection
from engine.datasets import DATASETS
from engine.spec import recommended
from playground import palette
from playground.board.line import base_path
from playground.lessons import LESSONS, Lesson

SIZE = 96  # px along a side: twice of what is shown, for sharp screens
FINER = 3  # drawn so many times larger and then made smaller, for smooth edges
RADIUS = 2.2  # px, of a point
MOST_POINTS = 240
LESSON_FILES = Path(__file__).parent / "lessons" / "pictures"
PATH = "/pictures"
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}


def dataset_picture(name: str) -> bytes:
    """The points of a dataset as it is recommended, on nothing, as PNG."""
    return _png(_draw(Run(recommended(name)), regions=False), "")


def lesson_picture(lesson: Lesson) -> bytes:
    """What a lesson's run predicts in the end, and its points, as PNG."""
    run = Run(lesson.spec)
    run.advance(lesson.epochs)
    return _png(_draw(run, regions=True), signature(lesson))


def signature(lesson: Lesson) -> str:
    """What a lesson's picture depends on; it is written into the file."""
    return sha256(repr((lesson.spec, lesson.epochs)).encode()).hexdigest()


def signature_of(png: bytes) -> str:
    """The signature that is written into a picture."""
    return str(Image.open(io.BytesIO(png)).info.get("signature", ""))


def dataset_address(name: str) -> str:
    """The path of a dataset's picture on this server."""
    return _address(f"dataset-{name}.png")


def lesson_address(name: str) -> str:
    """The path of a lesson's picture on this server."""
    return _address(f"lesson-{name}.png")


def routes() -> list[Route]:
    """The route of all pictures."""
    return [Route(f"{base_path()}{PATH}/{{digest}}/{{name}}", _serve)]


@cache
def load() -> dict[str, bytes]:
    """Every picture by its name; those of the datasets are drawn, once."""
    drawn = {f"dataset-{name}.png": dataset_picture(name) for name in DATASETS}
    return drawn | {
        f"lesson-{name}.png": (LESSON_FILES / f"{name}.png").read_bytes() for name in LESSONS
    }


def _draw(run: Run, *, regions: bool) -> Image.Image:
    side = SIZE * FINER
    half_width = inspection.half_width(run)
    image = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    if regions and run.spec.coordinates > 1:
        classes = 0 if run.spec.is_regression else run.spec.classes
        values = palette.region_bytes(
            inspection.region(run, half_width=half_width, resolution=SIZE)
        )
        colors = np.array(palette.region_palette(classes), dtype=np.uint8)[values]
        image.paste(Image.fromarray(colors[::-1], "RGBA").resize((side, side)))
    pen = ImageDraw.Draw(image)
    points = run.train_points[:MOST_POINTS]
    labels = run.train_labels[:MOST_POINTS]
    if run.spec.coordinates == 1:
        points = np.column_stack([points[:, 0], labels])
    colors_of_points = palette.point_colors(labels, is_regression=run.spec.is_regression)
    radius, edge = RADIUS * FINER, "white" if regions else None
    places = _places(points, half_width)
    for (across, down), color in zip(places, colors_of_points, strict=True):
        pen.ellipse(
            (across - radius, down - radius, across + radius, down + radius),
            color,
            edge,
            FINER // 2,
        )
    if regions and run.spec.coordinates == 1:
        x = np.linspace(-half_width, half_width, side)[:, np.newaxis]
        line = _places(np.column_stack([x[:, 0], run.predict(x)[:, 0]]), half_width)
        pen.line(line, "#333333", 2 * FINER)  # in front of the points
    return image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


def _places(points: np.ndarray, half_width: float) -> list[tuple[float, float]]:
    """Where points of the plane are in the picture, px from its left and upper edge."""
    scaled = (points / half_width * [1.0, -1.0] + 1.0) * (SIZE * FINER / 2.0)
    return [(x, y) for x, y in scaled.tolist()]


def _png(image: Image.Image, signature: str) -> bytes:
    written = PngInfo()
    written.add_text("signature", signature)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, pnginfo=written)
    return file.getvalue()


def _address(name: str) -> str:
    return f"{base_path()}{PATH}/{_digest()}/{name}"


@cache
def _digest() -> str:
    return sha256(b"".join(load().values())).hexdigest()[:12]


async def _serve(request: Request) -> Response:
    picture = load().get(request.path_params["name"])
    if picture is None or request.path_params["digest"] != _digest():
        return Response("There is no such picture.", 404)
    return Response(picture, media_type="image/png", headers=HEADERS)


def main() -> None:
    """Make the pictures of the lessons anew."""
    LESSON_FILES.mkdir(exist_ok=True)
    for name, lesson in LESSONS.items():
        (LESSON_FILES / f"{name}.png").write_bytes(lesson_picture(lesson))


if __name__ == "__main__":
    main()
