"""Take the run along as files, and bring settings, weights or a link of another playground."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine import Run
from playground import export, session

MOST_MEGABYTES = 20  # of a file that is loaded

Content = str | bytes


@dataclass(frozen=True)
class Download:
    """Something to save.

    Attributes:
        label: what people see.
        file_name: what it is saved as.
        make: the content, made when it is clicked, of what is on screen then.
        help: what it is good for.
    """

    label: str
    file_name: str
    make: Callable[[session.Session], Content]
    help: str


def _of_run(make: Callable[[Run], Content]) -> Callable[[session.Session], Content]:
    """From the run on screen alone."""
    return lambda visit: make(visit.stream.present())


DOWNLOADS = (
    Download(
        "Python script",
        "mlp.py",
        _of_run(lambda run: export.python_script(run.spec, run.epoch, run.changes)),
        "Trains this network with NumPy alone, and ends with the losses of this epoch.",
    ),
    Download(
        "scikit-learn script",
        "mlp_sklearn.py",
        _of_run(lambda run: export.sklearn_script(run.spec, run.epoch)),
        "The same settings for scikit-learn's MLP, as far as it has them.",
    ),
    Download(
        "Settings",
        "mlp_settings.json",
        lambda visit: export.settings_json(visit.spec),
        "Every setting by its name; loads here again.",
    ),
    Download(
        "Weights",
        "mlp_weights.npz",
        _of_run(export.weights_npz),
        "Weights and biases of this epoch for numpy.load; they load here again.",
    ),
    Download(
        "History",
        "mlp_history.csv",
        _of_run(export.history_csv),
        "A row an epoch: losses, accuracies, and what flows through each layer.",
    ),
    Download(
        "Picture (PNG)",
        "mlp.png",
        _of_run(export.png),
        "Network, regions, losses and gradients of this epoch.",
    ),
    Download(
        "Film (GIF)",
        "mlp.gif",
        _of_run(export.gif),
        "The same from the beginning to this epoch. It takes some seconds to make.",
    ),
    Download(
        "Film (HTML)",
        "mlp.html",
        lambda visit: export.html_player(visit.stream.present(), visit.stream.pin),
        "The board itself with this run in it: one file for any browser, to play, to go back in, "
        "to look into.",
    ),
    Download(
        "Whole session",
        "mlp_session.json",
        session.as_file,
        "This run, run A, the last runs and your own data; all of it loads here again.",
    ),
)


def keep_panel(visit: session.Session) -> None:
    """Show the downloads and the ways to load, folded away."""
    with st.popover("Save and load", width="stretch"):
        st.markdown("**Save** the run as it stands on screen")
        columns = st.columns(2, gap="xsmall")
        for i, download in enumerate(DOWNLOADS):
            columns[i % 2].download_button(
                download.label,
                partial(download.make, visit),
                file_name=download.file_name,
                key=f"save_{download.file_name}",
                on_click="ignore",
                help=download.help,
                width="stretch",
            )
        st.markdown("**Load**", help="A new run begins with what is loaded.")
        st.file_uploader(
            "A session or settings (.json), or weights (.npz)",
            type=["json", "npz"],
            key=session.FILE,
            max_upload_size=MOST_MEGABYTES,
            on_change=session.load_file,
            help="Weights have to be of a network with these layers: load its settings first.",
        )
        st.text_input(
            "A link of TensorFlow Playground",
            key=session.TF_LINK,
            on_change=session.load_tf_link,
            placeholder="…/#activation=tanh&networkShape=4,2…",
            help="Opens the nearest settings and lists what has no counterpart here.",
        )
