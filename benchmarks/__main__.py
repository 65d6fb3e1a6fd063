"""`make bench`: measure, and print a table.

Name parts to measure only those, as in `make bench speed line`: speed, line, smoothness, devices,
teaching, room. Others are measured only when they are named: hosted, fairness, which is a part of
it, and soak, which takes SOAK_MINUTES, 30 by default.
"""

import sys

from benchmarks import devices, fairness, hosted, line, room, smoothness, soak, speed, teaching

PARTS = {
    "speed": speed.measure,
    "line": line.measure,
    "smoothness": smoothness.measure,
    "devices": devices.measure,
    "teaching": teaching.measure,
    "room": room.measure,
}
NAMED = {"hosted": hosted.measure, "fairness": fairness.measure, "soak": soak.measure}


def main(names: list[str]) -> None:
    parts = PARTS | NAMED
    for name in names or PARTS:
        print(f"{name:50} {'measured':>10} {'':10} {'wanted':>8}")
        for row in parts[name]():
            missed = "" if row.reached else "  missed"
            figure = f"{row.figure:10.1f} {row.unit:10} {row.wanted:>8}"
            print(f"{row.what:50} {figure}{missed}", flush=True)
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
