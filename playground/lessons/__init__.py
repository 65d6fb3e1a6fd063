"""The lessons, as data: read, open a network with one click, guess, play, and see why.

The `claim` of a lesson measures what its text says, and a test runs it: untrue prose fails.
"""

from playground.lessons.depth import DEPTH
from playground.lessons.lesson import Lesson
from playground.lessons.network import NETWORK
from playground.lessons.training import TRAINING
from playground.limits import why_not

# by what a link calls them, in the order in which they build on each other
LESSONS: dict[str, Lesson] = NETWORK | TRAINING | DEPTH

# those that are not too large for this server
OFFERED = {name: lesson for name, lesson in LESSONS.items() if not any(map(why_not, lesson.specs))}

__all__ = ["LESSONS", "OFFERED", "Lesson"]
