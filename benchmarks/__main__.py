"""`make bench`: measure, and print a table.

Name parts to measure only those: speed, line, fairness, smoothness, devices, teaching.
"""

import sys

from benchmarks import devices, fairness, line, smoothness, speed, teaching

PARTS = {
    "speed": speed.measure,
    "line": line.measure,
    "fairness": fairness.measure,
    "smoothness": smoothness.measure,
    "devices": devices.measure,
    "teaching": teaching.measure,
}


def main(names: list[str]) -> None:
    for name in names or PARTS:
        print(f"{name:50} {'measured':>10} {'':10} {'wanted':>8}")
        for row in PARTS[name]():
            missed = "" if row.reached else "  missed"
            figure = f"{row.figure:10.1f} {row.unit:10} {row.wanted:>8}"
            print(f"{row.what:50} {figure}{missed}", flush=True)
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
