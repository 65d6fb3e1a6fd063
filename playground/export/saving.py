"""What is saved with one click: made of what is on screen then, and served under the visit's token.

Streamlit could make a file at a click, too, but forgets it after two runs of anybody's page: with
many visitors, that is often before the browser has asked for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from engine import Run
from playground.board import line
from playground.board.stream import Stream
from playground.export import files, session_file
from playground.export.numpy_script import python_script
from playground.export.sklearn_script import sklearn_script

PATH = "/save"
TYPES = {"json": "application/json", "csv": "text/csv", "py": "text/x-python"}

Content = str | bytes


@dataclass(frozen=True)
class Download:
    """Something to save.

    Attributes:
        label: what people see.
        file_name: what it is saved as.
        make: the content.
        help: what it is good for.
    """

    label: str
    file_name: str
    make: Callable[[Stream], Content]
    help: str


def _of_run(make: Callable[[Run], Content]) -> Callable[[Stream], Content]:
    """From the run on screen alone."""
    return lambda stream: make(stream.present())


def session_of(stream: Stream) -> str:
    """A whole visit as a file, which loads here again."""
    run = stream.present()
    return session_file.session_json(
        session_file.SavedVisit(run.spec, run.changes, run.position, stream.pin, stream.past.runs)
    )


SESSION = Download(
    "Whole session",
    "mlp_session.json",
    session_of,
    "This run, run A, the last runs and your own data; all of it loads here again.",
)
DOWNLOADS = (
    Download(
        "Python script",
        "mlp.py",
        _of_run(lambda run: python_script(run.spec, run.epoch, run.changes)),
        "Trains this network with NumPy alone, and ends with the losses of this epoch.",
    ),
    Download(
        "scikit-learn script",
        "mlp_sklearn.py",
        _of_run(lambda run: sklearn_script(run.spec, run.epoch, run.changes)),
        "Trains this network with scikit-learn, from the same initial weights on the same "
        "mini-batches.",
    ),
    Download(
        "Settings",
        "mlp_settings.json",
        lambda stream: files.settings_json(stream.spec),
        "Every setting by its name; loads here again.",
    ),
    Download(
        "Weights",
        "mlp_weights.npz",
        _of_run(files.weights_npz),
        "Weights and biases of this epoch for numpy.load; they load here again.",
    ),
    Download(
        "History",
        "mlp_history.csv",
        _of_run(files.history_csv),
        "A row an epoch: losses, accuracies, and what flows through each layer.",
    ),
    SESSION,
)
_BY_NAME = {download.file_name: download for download in DOWNLOADS}


def address(stream: Stream, download: Download) -> str:
    """Where the file is, as it stands when it is asked for; whoever knows the address gets it."""
    return f"{line.base_path()}{PATH}/{line.token_of(stream)}/{download.file_name}"


def routes() -> list[Route]:
    """The route of all files."""
    return [Route(f"{line.base_path()}{PATH}/{{token}}/{{name}}", _serve)]


async def _serve(request: Request) -> Response:
    stream = line.stream_of(request.path_params["token"])
    download = _BY_NAME.get(request.path_params["name"])
    if stream is None or download is None:
        return PlainTextResponse("There is no such file. Open the playground again.", 404)
    content = await line.compute(download.make, stream)
    name = download.file_name
    return Response(
        content,
        media_type=TYPES.get(name.rpartition(".")[2], "application/octet-stream"),
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
