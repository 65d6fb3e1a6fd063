"""Take the run along as files, and bring settings, weights or a link of another playground."""

from collections.abc import Callable

import streamlit as st

from engine import Run
from playground import export, session

MOST_MEGABYTES = 20  # of a file that is loaded

# label, name of the file, what it is made of the run on screen, help
DOWNLOADS: tuple[tuple[str, str, Callable[[Run], str | bytes], str], ...] = (
    (
        "Python script",
        "mlp.py",
        lambda run: export.python_script(run.spec, run.epoch, run.changes),
        "Trains this network with NumPy alone, and ends with the losses of this epoch.",
    ),
    (
        "scikit-learn script",
        "mlp_sklearn.py",
        lambda run: export.sklearn_script(run.spec, run.epoch),
        "The same settings for scikit-learn's MLP, as far as it has them.",
    ),
    (
        "Settings",
        "mlp_settings.json",
        lambda run: export.settings_json(run.spec),
        "Every setting by its name; loads here again.",
    ),
    (
        "Weights",
        "mlp_weights.npz",
        export.weights_npz,
        "Weights and biases of this epoch for numpy.load; they load here again.",
    ),
    (
        "History",
        "mlp_history.csv",
        export.history_csv,
        "A row an epoch: losses, accuracies, and what flows through each layer.",
    ),
    (
        "Picture (PNG)",
        "mlp.png",
        export.png,
        "Network, regions, losses and gradients of this epoch.",
    ),
    (
        "Film (GIF)",
        "mlp.gif",
        export.gif,
        "The same from the beginning to this epoch. It takes some seconds to make.",
    ),
)


def keep_panel(visit: session.Session) -> None:
    """Show the downloads and the ways to load, folded away."""
    with st.popover("Save and load", width="stretch"):
        st.markdown("**Save** the run as it stands on screen")
        columns = st.columns(2, gap="xsmall")
        for i, (label, name, make, help_text) in enumerate(DOWNLOADS):
            with columns[i % 2]:
                _download(label, name, _when_clicked(visit, make), help_text)
        with columns[len(DOWNLOADS) % 2]:
            _download(
                "Film (HTML)",
                "mlp.html",
                lambda: export.html_player(visit.stream.present(), visit.stream.pin),
                "The board itself with this run in it: one file for any browser, to play, to go "
                "back in, to look into.",
            )
        _download(
            "Whole session",
            "mlp_session.json",
            lambda: session.as_file(visit),
            "This run, run A, the last runs and your own data; all of it loads here again.",
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


def _download(label: str, name: str, make: Callable[[], str | bytes], help_text: str) -> None:
    st.download_button(
        label,
        make,
        file_name=name,
        key=f"save_{name}",
        on_click="ignore",
        help=help_text,
        width="stretch",
    )


def _when_clicked(
    visit: session.Session, make: Callable[[Run], str | bytes]
) -> Callable[[], str | bytes]:
    """Make a file of what is on screen at the moment of the click, not of now."""
    return lambda: make(visit.stream.present())
