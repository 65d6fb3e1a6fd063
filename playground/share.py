"""A Spec as the query of a link, and back: only what differs from the default is written."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from engine import Spec
from engine.spec import SETTINGS
from playground.limits import check

DEFAULT = Spec()


def to_query(spec: Spec) -> dict[str, str]:
    """The settings that differ from the default, as strings; hidden layers joined by commas."""
    default = asdict(DEFAULT)
    return {
        setting: _text(value)
        for setting, value in asdict(spec).items()
        if value != default[setting]
    }


def from_query(query: Mapping[str, str]) -> tuple[Spec, list[str]]:
    """The Spec of a link, and a notice for each part of it that could not be used.

    Never raises: an unknown key is left out, and a bad value gives way to the default.
    """
    spec, notices = DEFAULT, []
    # what a setting may be can depend on the dataset and the classes, which come first in a Spec
    order = {setting: i for i, setting in enumerate(SETTINGS)}
    for key in sorted(query, key=lambda key: order.get(key, 0)):
        if key not in SETTINGS:
            notices.append(f"The link's “{key}” is not a setting of the playground: left out.")
            continue
        try:
            spec = replace(spec, **{key: check(key, _value(key, query[key]))})
        except ValueError as error:
            shown = _text(getattr(DEFAULT, key)) or "none"
            notices.append(f"The link's {key} can't be used, so it is {shown}: {error}.")
    return spec, notices


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _value(setting: str, text: str) -> Any:
    """The text as what the setting holds; as it is where that fails, for the Spec to refuse."""
    default = getattr(DEFAULT, setting)
    try:
        if isinstance(default, tuple):
            return tuple(type(default[0])(part) for part in text.split(",") if text)
        return type(default)(text)
    except ValueError:
        return text
