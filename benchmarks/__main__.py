"""`make bench`: measure, and print a table."""

from benchmarks import smoothness


def main() -> None:
    print(f"{'':50} {'measured':>10} {'':10} {'wanted':>8}")
    for row in smoothness.measure():
        missed = "" if row.reached else "  missed"
        print(f"{row.what:50} {row.figure:10.1f} {row.unit:10} {row.wanted:>8}{missed}", flush=True)


if __name__ == "__main__":
    main()
