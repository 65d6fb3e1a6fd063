"""Numbers as a sentence has them."""

import math
from collections.abc import Sequence

FRACTIONS = {
    2: "half",
    3: "a third of",
    4: "a quarter of",
    5: "a fifth of",
    6: "a sixth of",
    7: "a seventh of",
    8: "an eighth of",
    9: "a ninth of",
    10: "a tenth of",
    20: "a twentieth of",
    30: "a thirtieth of",
    50: "a fiftieth of",
    100: "a hundredth of",
    200: "a two-hundredth of",
    500: "a five-hundredth of",
    1000: "a thousandth of",
}
ABOUT_EQUAL = 1.3  # up to this ratio, either way, two numbers are about the same
SAME = 0.02  # share of a number by which it may move and stay near itself
EXTREME = 1.5  # times both ends of a stretch: a peak or a low that is worth a word
EXACT_UP_TO = 1e6  # beyond, a number of times is a power of ten
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def compared(ratio: float, adjective: str = "large") -> str:
    """What goes between “is” and what a number is compared with, as “about a tenth of”.

    ratio: of the number to the other one, not negative.
    """
    if not math.isfinite(ratio):
        return "incomparably many times"
    if ratio > EXACT_UP_TO:
        return f"more than {_power(math.floor(math.log10(ratio)))} times"
    if ratio >= 1.0:
        if ratio < ABOUT_EQUAL:
            return f"about as {adjective} as"
        return "about twice" if 1.75 <= ratio < 2.25 else f"about {_times(ratio)} times"
    if ratio * max(FRACTIONS) < 1.0:
        return "less than a thousandth of"
    if ratio * ABOUT_EQUAL > 1.0:
        return f"about as {adjective} as"
    if ratio > 0.6:
        return "about two thirds of"
    parts = min(FRACTIONS, key=lambda parts: abs(math.log(ratio * parts)))
    return f"about {FRACTIONS[parts]}"


def digits(number: float) -> str:
    """A number with three significant digits, as “0.0123”, “12,300” or “1.23 × 10⁵⁰”."""
    if not math.isfinite(number):
        return "∞"
    mantissa, exponent = f"{number:.2e}".split("e")
    if number == 0.0 or -3 <= int(exponent) < 3:
        return f"{number:.3g}"
    if 3 <= int(exponent) < 6:
        return f"{float(f'{number:.2e}'):,.0f}"
    return f"{mantissa} × {_power(int(exponent))}"


def trend(values: Sequence[float]) -> str:
    """How a number has moved, as “fell from 0.31 to 0.041” or “stayed near 0.2”.

    values: one or more, in order, not negative; of a loss for instance.
    """
    first, last = values[0], values[-1]
    if len({*values}) == 1:
        return f"is {digits(last)}"
    between = values[1:-1] or [last]
    if abs(last - first) <= SAME * first:
        moved = f"stayed near {digits(last)}"
    else:
        moved = f"{'fell' if last < first else 'rose'} from {digits(first)} to {digits(last)}"
    if max(between) > EXTREME * max(first, last):
        return f"{moved}, after a peak of {digits(max(between))}"
    if EXTREME * min(between) < min(first, last):
        return f"{moved}, after a low of {digits(min(between))}"
    return moved


def _times(ratio: float) -> str:
    """A number from 1.3 to a million as it is spoken of: 1.5, 3, 40, 2,000."""
    if ratio < 3.0:
        return f"{round(2.0 * ratio) / 2.0:g}"
    return f"{float(f'{ratio:.1g}'):,.0f}"


def _power(exponent: int) -> str:
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"
