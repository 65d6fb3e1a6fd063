"""What a picture shows, in a sentence or two; and what has changed in it since it was described.

`shapes.py` measures it. A fact is a sentence, and another one for when it is news; whatever was so
before is not said again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.inspection.shapes import Fit, Patch, Place, Regions, Scene, Surface
from engine.inspection.words import digits

MOVED = 0.03  # share of the picture: a border that moves less has not moved to the eye
CLOSES = 0.9  # share of a class: with that many of its points inside, the border closes around it
MOST_PLACES = 4  # that are named one by one
TIMES = {1: "once", 2: "twice", 3: "three times", 4: "four times"}
PLACES: Mapping[Place, str] = {
    (0, 0): "in the middle",
    (-1, 0): "on the left",
    (1, 0): "on the right",
    (0, 1): "at the top",
    (0, -1): "at the bottom",
    (-1, 1): "in the upper left",
    (1, 1): "in the upper right",
    (-1, -1): "in the lower left",
    (1, -1): "in the lower right",
}


@dataclass(frozen=True)
class Fact:
    """Something that a picture shows.

    Attributes:
        about: two facts with the same one say the same, whatever their words.
        text: the sentence.
        news: the sentence if it was not so before.
    """

    about: tuple[object, ...]
    text: str
    news: str


def describe(scene: Scene, classes: Sequence[str], before: Scene | None = None) -> str:
    """What a picture shows; or what has changed since `before`, "" if nothing has.

    classes: what each class is called; empty for values.
    """
    now = facts(scene, classes)
    if before is None:
        return " ".join(fact.text for fact in now)
    known = {fact.about for fact in facts(before, classes)}
    news = [fact.news for fact in now if fact.about not in known]
    if isinstance(scene, Regions) and isinstance(before, Regions) and now[0].about in known:
        moved = float(np.mean(scene.labels != before.labels))
        if moved >= MOVED:
            news.insert(0, f"The border has moved: {moved:.0%} of the picture has another class.")
    return " ".join([*_gone(scene, before, classes), *news])


def facts(scene: Scene, classes: Sequence[str]) -> list[Fact]:
    """What a picture shows, the most important first."""
    if isinstance(scene, Regions):
        return [_arrangement(scene, classes), _wrong(scene)]
    return [_curve(scene) if isinstance(scene, Fit) else _surface(scene), _off(scene.error)]


def _arrangement(scene: Regions, classes: Sequence[str]) -> Fact:
    patches = scene.patches
    if len(patches) == 1:
        name = classes[patches[0].label]
        return Fact(
            ("one", name),
            f"The whole picture is {name}.",
            f"The whole picture is now {name}.",
        )
    if scene.bends is not None:
        return _single_border(scene, classes)
    if len(patches) == 2 and (closed := _enclosed(scene)):
        around = _around(closed[0], scene, classes)
        return Fact(
            ("closed", around),
            f"The border closes around {around}.",
            f"The border now closes around {around}.",
        )
    return _many(scene, classes)


def _single_border(scene: Regions, classes: Sequence[str]) -> Fact:
    one, other = sorted(scene.patches, key=lambda patch: patch.label)
    sides = (
        f"{classes[one.label]} is {PLACES[one.place]}, {classes[other.label]} {PLACES[other.place]}"
    )
    bends = scene.bends or 0
    times = TIMES.get(bends, f"{bends} times")
    if not bends:
        was, now = "A single border is straight", "The border is now a single straight line"
    else:
        was, now = f"A single border bends {times}", f"The border is now one line; it bends {times}"
    return Fact(("single", bends), f"{was}: {sides}.", f"{now}: {sides}.")


def _many(scene: Regions, classes: Sequence[str]) -> Fact:
    places: list[list[Place]] = [[] for _ in classes]
    for patch in scene.patches:
        places[patch.label].append(patch.place)
    missing = [name for name, of_class in zip(classes, places, strict=True) if not of_class]
    there = [(name, each) for name, each in zip(classes, places, strict=True) if each]
    if all(len(each) == 1 for _, each in there):
        where = _listed([f"{name} {PLACES[each[0]]}" for name, each in there])
        text = f"{'Each class that is there' if missing else 'Each class'} has one region: {where}."
    else:
        several = [
            f"{name} has {'one region' if len(each) == 1 else f'{len(each)} regions'}{_where(each)}"
            for name, each in there
        ]
        text = f"{_upper(_listed(several))}."
    around = list(dict.fromkeys(_around(patch, scene, classes) for patch in _enclosed(scene)))
    if around:
        text += f" The border closes around {_listed(around)}."
    if missing:
        text += f" There is no region of {_listed(missing)}."
    about = ("many", *map(len, places), *around)
    return Fact(about, text, f"Now {text[0].lower()}{text[1:]}")


def _where(places: Sequence[Place]) -> str:
    """Where several regions are, in brackets; "" if their places don't tell them apart."""
    can_tell = 1 < len(places) <= MOST_PLACES and len({*places}) == len(places)
    return f" ({_places(places)})" if can_tell else ""


def _enclosed(scene: Regions) -> list[Patch]:
    """The regions around which the border closes and that hold points of their class."""
    return [patch for patch in scene.patches if patch.is_closed and patch.points]


def _around(patch: Patch, scene: Regions, classes: Sequence[str]) -> str:
    name, points = classes[patch.label], scene.points[patch.label]
    return name if patch.points >= CLOSES * points else f"a part of {name}"


def _gone(scene: Scene, before: Scene, classes: Sequence[str]) -> list[str]:
    """That the border no longer closes around a class."""
    if not isinstance(scene, Regions) or not isinstance(before, Regions):
        return []
    was, now = (
        {_around(patch, each, classes) for patch in _enclosed(each)} for each in (before, scene)
    )
    gone = sorted(name for name in was - now if name in classes)
    return [f"The border no longer closes around {_listed(gone)}."] if gone else []


def _wrong(scene: Regions) -> Fact:
    said = f"{scene.wrong} of {scene.tested} test points are wrong."
    if scene.wrong == 0:
        said = f"All {scene.tested} test points are right."
    elif scene.wrong == 1:
        said = f"1 of {scene.tested} test points is wrong."
    return Fact(("wrong", scene.wrong), said, said)


def _curve(fit: Fit) -> Fact:
    if fit.is_flat:
        text = f"The fitted curve is nearly flat, at {signed(fit.left)}."
        return Fact(("flat",), text, text.replace(" is ", " is now "))
    ends = f"from {signed(fit.left)} on the left to {signed(fit.right)} on the right"
    way = "rises" if fit.right > fit.left else "falls"
    turns = [
        f"{count} {word if count == 1 else words}"
        for count, word, words in ((fit.peaks, "peak", "peaks"), (fit.dips, "dip", "dips"))
        if count
    ]
    if not turns:
        about = ("way", way)
        text = f"The fitted curve {way} {ends}."
        return Fact(about, text, text.replace(" curve ", " curve now "))
    text = f"The fitted curve has {_listed(turns)}; it goes {ends}."
    return Fact(("turns", fit.peaks, fit.dips), text, text.replace(" has ", " now has "))


def _surface(surface: Surface) -> Fact:
    ends = f"from {signed(surface.low)} to {signed(surface.high)}"
    if surface.is_flat:
        text = f"The predicted values are nearly the same everywhere, {ends}."
        return Fact(("flat",), text, text.replace(" are ", " are now "))
    if surface.slope is not None:
        to = PLACES[surface.slope].split(" the ")[1]
        text = f"The predicted values rise evenly towards the {to}, {ends}."
        return Fact(("slope", surface.slope), text, text.replace(" rise ", " now rise "))
    high, low = _places(surface.hills), _places(surface.hollows)
    text = f"The predicted values are high {high} and low {low}, {ends}."
    return Fact(("places", high, low), text, text.replace(" are ", " are now "))


def _off(error: float) -> Fact:
    rounded = float(f"{error:.2g}")
    said = f"The values of the test points are off by {digits(rounded)} on average."
    return Fact(("off", rounded), said, said)


def signed(number: float) -> str:
    """A number with three significant digits at most, and a real minus sign."""
    return ("−" if number < 0 else "") + digits(abs(number))


def _places(places: Sequence[Place]) -> str:
    """Where several things are: “in the upper right and in the lower left”, “in 6 places”."""
    if len(places) > MOST_PLACES or len({*places}) < len(places):
        return f"in {len(places)} places"
    # as one reads: from the top down, and from left to right
    return _listed(
        [PLACES[place] for place in sorted(places, key=lambda place: (-place[1], place[0]))]
    )


def _listed(names: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
