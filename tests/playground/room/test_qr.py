"""The QR code of a room's link, read again as a phone reads it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.room.codes import ALPHABET, LENGTH
from playground.room.qr import modules_of, read_link

HOSTS = ["10.0.0.7:8501", "mlp.example"]
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)

MASKS = {
    0: lambda row, column: (row + column) % 2 == 0,
    1: lambda row, column: row % 2 == 0,
    2: lambda row, column: column % 3 == 0,
    3: lambda row, column: (row + column) % 3 == 0,
    4: lambda row, column: (row // 2 + column // 3) % 2 == 0,
    5: lambda row, column: row * column % 2 + row * column % 3 == 0,
    6: lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    7: lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
}
# of versions 1 to 6 with level Q, ISO 18004 table 9: codewords of data in each block
BLOCKS_OF_Q = {1: [13], 2: [22], 3: [17, 17], 4: [24, 24], 5: [15, 15, 16, 16], 6: [19] * 4}
FORMAT_MASK = 0b101010000010010
LEVEL_Q = 0b11


def decoded(modules: list[str]) -> str:
    """The text of an undamaged QR code of bytes, version 1 to 6, level Q, as ISO 18004 says."""
    size = len(modules)
    version = (size - 17) // 4
    dark = [[module == "1" for module in row] for row in modules]
    places = [(8, column) for column in (*range(6), 7, 8)] + [(7, 8)]
    places += [(row, 8) for row in range(5, -1, -1)]
    written = int("".join(str(int(dark[row][column])) for row, column in places), 2) ^ FORMAT_MASK
    assert written >> 13 == LEVEL_Q
    mask = MASKS[written >> 10 & 0b111]
    bits = [
        dark[row][column] ^ mask(row, column)
        for row, column in zigzag(size)
        if not is_function(row, column, size, version)
    ]
    codewords = [
        int("".join(map(str, map(int, bits[i : i + 8]))), 2) for i in range(0, len(bits) - 7, 8)
    ]
    lengths = BLOCKS_OF_Q[version]
    blocks: list[list[int]] = [[] for _ in lengths]
    rest = iter(codewords)
    for position in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if position < length:
                block.append(next(rest))
    text = "".join(f"{word:08b}" for block in blocks for word in block)
    assert text[:4] == "0100"  # bytes
    count = int(text[4:12], 2)
    return bytes(int(text[12 + 8 * i : 20 + 8 * i], 2) for i in range(count)).decode()


def zigzag(size: int):
    """Every place but the timing column, in the order in which bits are written."""
    upwards = True
    for right in [column for column in range(size - 1, 0, -2) if column > 6] + [5, 3, 1]:
        for row in range(size - 1, -1, -1) if upwards else range(size):
            yield row, right
            yield row, right - 1
        upwards = not upwards


def is_function(row: int, column: int, size: int, version: int) -> bool:
    """Whether a place has a pattern, or says the format, and no data."""
    if row == 6 or column == 6:
        return True
    if (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9):
        return True
    if version == 1:
        return False
    centre = size - 7
    return abs(row - centre) <= 2 and abs(column - centre) <= 2


@given(CODES, st.sampled_from(["http://10.0.0.7:8501/", "https://mlp.example/class/"]))
def test_what_is_read_is_the_link(code, base):
    link = f"{base}?room={code}"
    assert decoded(modules_of(read_link(link, HOSTS, code))) == link


def test_it_is_a_square_with_three_marks_in_its_corners():
    modules = modules_of("http://10.0.0.7:8501/?room=ABCDE")
    assert {len(row) for row in modules} == {len(modules)}
    for rows, columns in ((0, 0), (0, -7), (-7, 0)):
        end_of_rows, end_of_columns = rows + 7 or None, columns + 7 or None
        assert [row[columns:end_of_columns] for row in modules[rows:end_of_rows]] == FINDER


@pytest.mark.parametrize(
    "link",
    [
        "http://elsewhere.example/?room=ABCDE",
        "javascript:alert(1)//10.0.0.7:8501/?room=ABCDE",
        "http://10.0.0.7:8501/?room=FGHJK",
        "http://10.0.0.7:8501/?room=ABCDE&turn=own",
        "http://10.0.0.7:8501/?room=ABCDE#teach=secret",
        "http://10.0.0.7:8501/" + "a" * 300 + "?room=ABCDE",
        "",
        7,
        None,
    ],
)
def test_no_other_link_is_made_a_code_of(link):
    with pytest.raises(ValueError, match="link must be"):
        read_link(link, HOSTS, "ABCDE")
