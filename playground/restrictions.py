"""What a link takes off the page: settings that are locked, and parts that are hidden.

A teacher lets a class think of one thing at a time this way. It is a help for attention, not a
boundary: whoever writes another address gets another page. But nothing that the page offers changes
what is locked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.run import PARAMETER, PARAMETERS
from engine.spec import SETTINGS, known_parameters
from playground.naming import setting_label

LOCK, HIDE = "lock", "hide"
ALL = "all"  # in the place of every setting

# what can be locked, and what it is called: every setting, and weights that are set by hand
LOCKABLE: Mapping[str, str] = {
    name: setting_label(name) for name in dict.fromkeys((*SETTINGS, *known_parameters()))
} | {PARAMETERS: "Weights and biases, set by hand"}
# what can be hidden
PARTS: Mapping[str, str] = {
    "controls": "All controls on the left",
    "lessons": "Lessons",
    "keep": "Save and load",
    "network": "Network",
    "region": "Decision regions",
    "loss": "Loss",
    "gradients": "Gradient size per layer",
    "timeline": "Timeline",
    "inside": "Why these numbers?",
    "compare": "Compare runs",
    "teach": "Teach",
}
OF_DATA = {"dataset", "classes", "samples", "noise", "features", "loss"}  # own data may change them


@dataclass(frozen=True)
class Restrictions:
    """What a page does without.

    Attributes:
        locked: keys of `LOCKABLE`: what can't be changed, and has no control.
        hidden: keys of `PARTS`: what is not shown.
    """

    locked: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    @property
    def takes_own_data(self) -> bool:
        """Whether a person may bring data, or add points to those on screen."""
        return not self.locked & OF_DATA

    @property
    def offers_lessons(self) -> bool:
        """Whether lessons can be opened: each sets everything."""
        return not self.locked and "lessons" not in self.hidden


def restrictions_of(query: Mapping[str, str]) -> tuple[Restrictions, list[str]]:
    """What a link restricts, and a notice for each name in it that means nothing."""
    names, notices = {}, list[str]()
    for key, known in ((LOCK, {ALL: "", **LOCKABLE}), (HIDE, PARTS)):
        wanted = [name.strip() for name in query.get(key, "").split(",") if name.strip()]
        names[key] = {name for name in wanted if name in known}
        unknown = ", ".join(f"“{name}”" for name in dict.fromkeys(wanted) if name not in known)
        if unknown:
            notices.append(
                f"The link's {key} doesn't know {unknown}. It can be {', '.join(known)}."
            )
    locked = LOCKABLE if ALL in names[LOCK] else names[LOCK]
    return Restrictions(frozenset(locked), frozenset(names[HIDE])), notices


def lock_of_change(setting: str) -> str:
    """Under which name a live change is locked, which is named as `Run.change` has it."""
    return PARAMETERS if setting == PARAMETER else setting
