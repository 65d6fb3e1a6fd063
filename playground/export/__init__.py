"""Taking a run along: as a program, as numbers, as a picture, as a film."""

from playground.export.files import history_csv, settings_json, weights_npz
from playground.export.html_player import html_player
from playground.export.numpy_script import python_script
from playground.export.picture import gif, png
from playground.export.sklearn_script import sklearn_script

__all__ = [
    "gif",
    "history_csv",
    "html_player",
    "png",
    "python_script",
    "settings_json",
    "sklearn_script",
    "weights_npz",
]
