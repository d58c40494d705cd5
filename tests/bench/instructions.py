#!/usr/bin/python3 -B
"""How many instructions ahdiag takes for a line: a figure that a noisy machine does not move. Counted by callgrind.

    tests/bench/instructions.py [--ahdiag BIN]            print them
    tests/bench/instructions.py [--ahdiag BIN] --check    fail where one is well above its stored figure
    tests/bench/instructions.py [--ahdiag BIN] --renew    store them: after a change that is worth its cost
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import logs

ROOT = Path(__file__).resolve().parents[2]
STORED = Path(__file__).with_name("instructions.json")
SIZE = 2_000_000     # bytes of a log
MARGIN = 1.15        # other processors choose other routines of the C library
SHAPES = ("busy", "same", "distinct", "incidents", "expensive", "followers", "raw", "wrapped")


def main():
    options = read_options()
    figures = measure(options.ahdiag)
    for name, figure in figures.items():
        print(f"{name:<12}{figure:>12,}")
    if options.renew:
        STORED.write_text(json.dumps(figures, indent=2) + "\n")
    if options.check:
        stored = json.loads(STORED.read_text())
        above = [f"{name}: {figure:,} instead of {stored[name]:,}" for name, figure in figures.items() if figure > stored[name] * MARGIN]
        if above:
            sys.exit("more instructions than stored:\n  " + "\n  ".join(above) + "\n./dev bench instructions --renew stores these")


def read_options():
    parser = argparse.ArgumentParser(description="Count the instructions of ahdiag.")
    parser.add_argument("--ahdiag", type=Path, default=ROOT / "build/dev/ahdiag", metavar="BIN")
    parser.add_argument("--check", action="store_true", help="fail where a figure is well above the stored one")
    parser.add_argument("--renew", action="store_true", help="store the figures")
    return parser.parse_args()


def measure(ahdiag):
    """Instructions of a start with one line to diagnose, and of a line of each shape, without the start."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "error.log"
        empty = Path(folder) / "empty.log"
        empty.touch()
        nothing = count(ahdiag, empty)
        figures = {"start": nothing, "one line": count(ahdiag, ROOT / "samples/founding/error.log")}
        for shape in SHAPES:
            logs.write(shape, SIZE, log)
            lines = log.read_bytes().count(b"\n")
            figures[shape] = (count(ahdiag, log) - nothing) // lines
        return figures


def count(ahdiag, log):
    # --fail-on never: a finding is no failure here.
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", ahdiag, "--threads", "1", "--fail-on", "never", log]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


if __name__ == "__main__":
    main()
