"""How eyes see colours: contrast, colour blindness, and how far two colours are apart."""

import numpy as np
from plotly.colors import hex_to_rgb

# What is left of red, green and blue in linear light: Machado, Oliveira and Fernandes (2009), A
# physiologically-based model for simulation of color vision deficiency, severity 1.0.
BLINDNESS = {
    "none": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
# From linear sRGB to XYZ, and the white of both, D65.
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = TO_XYZ.sum(axis=1)


def rgb(color: str) -> tuple[float, ...]:
    """Red, green and blue, 0 to 255, of `#rrggbb` or of Plotly's `rgb(r, g, b)`."""
    if color.startswith("#"):
        return tuple(float(part) for part in hex_to_rgb(color))
    return tuple(float(part) for part in color.removeprefix("rgb(").removesuffix(")").split(","))


def on(color: str, back: str, opacity: float) -> str:
    """A colour that is painted on another one, as browsers blend them."""
    mixed = opacity * np.array(rgb(color)) + (1.0 - opacity) * np.array(rgb(back))
    return "#{:02x}{:02x}{:02x}".format(*np.rint(mixed).astype(int))


def linear(color: str) -> np.ndarray:
    """Red, green and blue in linear light, 0 to 1."""
    share = np.array(rgb(color)) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    """The relative luminance of WCAG, from 0 for black to 1 for white."""
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, from 1 to 21."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def lab(color: str, blindness: str = "none") -> np.ndarray:
    """L*, a* and b* of a colour as an eye sees it; blindness: a key of `BLINDNESS`."""
    seen = np.clip(BLINDNESS[blindness] @ linear(color), 0.0, 1.0)
    share = TO_XYZ @ seen / WHITE
    root = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root
    return np.array([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """ΔE₀₀ of two colours given as L*, a* and b*.

    Sharma, Wu and Dalal (2005), The CIEDE2000 color-difference formula; k_L = k_C = k_H = 1.
    """
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2.0) ** 7
    g = 0.5 * (1.0 - np.sqrt(mean_c7 / (mean_c7 + 25.0**7)))
    a1, a2 = (1.0 + g) * a1, (1.0 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360.0, np.degrees(np.arctan2(b2, a2)) % 360.0
    turn = 0.0 if c1 * c2 == 0.0 else (h2 - h1 + 180.0) % 360.0 - 180.0
    if c1 * c2 and h2 - h1 == 180.0:
        turn = 180.0
    d_l, d_c = l2 - l1, c2 - c1
    d_h = 2.0 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2.0))
    mean_l, mean_c = (l1 + l2) / 2.0, (c1 + c2) / 2.0
    if c1 * c2 == 0.0:
        mean_h = h1 + h2
    elif abs(h1 - h2) <= 180.0:
        mean_h = (h1 + h2) / 2.0
    else:
        mean_h = (h1 + h2 + 360.0) / 2.0 if h1 + h2 < 360.0 else (h1 + h2 - 360.0) / 2.0
    t = (
        1.0
        - 0.17 * np.cos(np.radians(mean_h - 30.0))
        + 0.24 * np.cos(np.radians(2.0 * mean_h))
        + 0.32 * np.cos(np.radians(3.0 * mean_h + 6.0))
        - 0.20 * np.cos(np.radians(4.0 * mean_h - 63.0))
    )
    s_l = 1.0 + 0.015 * (mean_l - 50.0) ** 2 / np.sqrt(20.0 + (mean_l - 50.0) ** 2)
    s_c, s_h = 1.0 + 0.045 * mean_c, 1.0 + 0.015 * mean_c * t
    r_c = 2.0 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    r_t = -r_c * np.sin(np.radians(60.0 * np.exp(-(((mean_h - 275.0) / 25.0) ** 2))))
    d_l, d_c, d_h = d_l / s_l, d_c / s_c, d_h / s_h
    return float(np.sqrt(d_l**2 + d_c**2 + d_h**2 + r_t * d_c * d_h))


def apart(one: str, other: str) -> float:
    """ΔE₀₀ of two colours to the eye that tells them apart worst."""
    return min(ciede2000(lab(one, kind), lab(other, kind)) for kind in BLINDNESS)
