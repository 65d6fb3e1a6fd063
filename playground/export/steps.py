"""A file made a step at a time: between two steps it can wait for others, or be given up."""

from collections.abc import Generator

# yields the position that the run has been trained to, after each step; returns the file
Steps = Generator[float, None, bytes]


def finished(steps: Steps) -> bytes:
    """Take all steps at once; the file."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            content: bytes = end.value
            return content
