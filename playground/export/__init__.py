"""Taking a run along: as a program, as numbers, as a picture, as a film."""

from playground.export.files import history_csv, settings_json, weights_npz
from playground.export.html_player import html_player, html_steps
from playground.export.numpy_script import python_script
from playground.export.picture import gif, gif_steps, png, png_steps
from playground.export.sklearn_script import sklearn_script

__all__ = [
    "gif",
    "gif_steps",
    "history_csv",
    "html_player",
    "html_steps",
    "png",
    "png_steps",
    "python_script",
    "settings_json",
    "sklearn_script",
    "weights_npz",
]
