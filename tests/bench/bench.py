#!/usr/bin/python3 -B
"""Speed and memory of ahdiag beside tools that only search or count, on logs that tests/bench/logs.py makes.

    tests/bench/bench.py [--ahdiag BIN] [--megabytes N] [--rounds N] [--shapes] [--json FILE]

All commands run in turn, several rounds, with the log in the cache; each row shows the median of its rounds and how it compares with
`rg -c` of the same rounds: a noisy machine moves both.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import logs

ROOT = Path(__file__).resolve().parents[2]
SEARCH = "AH[0-9]{5}"
SMALL = {"tiny": 20, "numbers": 20, "raw": 40, "wrapped": 40, "framed": 40, "statuses": 20, "glued": 20, "brackets": 20, "foreign": 20}  # megabytes
LOGWATCH = Path("/usr/share/logwatch/scripts/services/http-error")
SLOW = ("lnav", "logwatch's http-error")  # seconds each, and nothing depends on them: run once


def main():
    options = read_options()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "error.log"
        logs.write("busy", options.megabytes * 1_000_000, log)
        table, missing = commands(options.ahdiag, log)
        rows = measure(table, options.rounds, folder)
        result = {"megabytes": options.megabytes, "lines": count_lines(log), "rows": rows, "start_ms": starts(options.ahdiag, folder), "missing": missing}
        show(result)
        if options.shapes:
            result["shapes"] = shapes(options, folder)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


def read_options():
    parser = argparse.ArgumentParser(description="Measure ahdiag beside other tools.")
    parser.add_argument("--ahdiag", type=Path, default=ROOT / "build/release/ahdiag", metavar="BIN")
    parser.add_argument("--megabytes", type=int, default=200, metavar="N", help="size of the log (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="runs of each command (default: %(default)s)")
    parser.add_argument("--shapes", action="store_true", help="also the logs that somebody would write to slow a reader down")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    return parser.parse_args()


def commands(ahdiag, log):
    """Name, words, and whether the log comes through a pipe; and the tools that are not here."""
    table = [
        ("ahdiag", [ahdiag, log], False),
        ("ahdiag --format json", [ahdiag, "--format", "json", log], False),
        ("ahdiag, from a pipe", [ahdiag], True),
        ("ahdiag --threads 1", [ahdiag, "--threads", "1", log], False),
        (f"rg -c '{SEARCH}'", ["rg", "-j1", "-c", SEARCH, log], False),
        ("rg -c, from a pipe", ["rg", "-j1", "-c", SEARCH, "-"], True),
        (f"LC_ALL=C grep -cE '{SEARCH}'", ["grep", "-cE", SEARCH, log], False),
        ("wc -l", ["wc", "-l", log], False),
        (f"mawk '/{SEARCH}/'", ["mawk", "/AH[0-9][0-9][0-9][0-9][0-9]/ { n++ } END { print n }", log], False),
        ("lnav", ["lnav", "-n", "-c", ";SELECT log_level, count(*) FROM all_logs GROUP BY log_level", log], False),
    ]
    missing = [words[0] for _, words, _ in table if not shutil.which(str(words[0]))]
    if "rg" in missing:
        sys.exit("ripgrep is what all is compared with: install it")
    if LOGWATCH.exists():
        table.append((SLOW[1], ["perl", LOGWATCH], True))
    else:
        missing.append("logwatch")
    return [row for row in table if row[1][0] not in missing], missing


def measure(table, rounds, folder):
    times = {name: [] for name, _, _ in table}
    peaks = dict.fromkeys(times, 0)
    for number in range(rounds):
        for name, words, piped in table:
            if number > 0 and name in SLOW:
                continue
            times[name].append(run(words, piped, folder))
            if number == 0:
                peaks[name] = run(words, piped, folder, watched=True)
    search = statistics.median(times[f"rg -c '{SEARCH}'"])
    size = next(Path(folder).glob("error.log")).stat().st_size
    return [{"command": name, "seconds": statistics.median(all_times), "to_rg": statistics.median(all_times) / search,
             "mb_per_second": size / 1e6 / statistics.median(all_times), "peak_mib": peaks[name]} for name, all_times in times.items()]


def run(words, piped, folder, watched=False):
    """Seconds by the clock; when it is watched, which costs time, the peak of memory in MiB instead. Its output goes to a file: some do less
    where it goes to /dev/null."""
    peak = 0
    environment = {**os.environ, "LC_ALL": "C"}
    with (Path(folder) / "output").open("wb") as output:
        begin = time.perf_counter()
        source = subprocess.Popen(["cat", Path(folder) / "error.log"], stdout=subprocess.PIPE) if piped else None
        process = subprocess.Popen([str(word) for word in words], stdin=source.stdout if source else subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.DEVNULL, env=environment)
        if source:
            source.stdout.close()
        while watched and process.poll() is None:
            status = Path(f"/proc/{process.pid}/status").read_text()
            peak = max([peak, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))])
            time.sleep(0.001)
        status = process.wait()
        took = time.perf_counter() - begin
        if source:
            source.wait()
    if status not in (0, 1):
        raise OSError(f"{words[0]} ends with status {status}")
    return peak / 1024 if watched else took


def starts(ahdiag, folder):
    """Milliseconds of whole runs: an empty log, one line that is a failure, and grep on the same."""
    line = Path(folder) / "line.log"
    line.write_text((ROOT / "samples/founding/error.log").read_text().splitlines()[0] + "\n")
    empty = Path(folder) / "empty.log"
    empty.touch()
    table = {"empty log": [ahdiag, empty], "log of one line": [ahdiag, line], "grep on it": ["grep", "-c", "AH", line]}
    times = {name: [] for name in table}
    for _ in range(40):
        for name, words in table.items():
            times[name].append(run(words, False, folder) * 1000)
    return {name: statistics.median(all_times) for name, all_times in times.items()}


def shapes(options, folder):
    """Each shape by ahdiag and by rg."""
    print(f"\n{'shape':<14}{'MB':>6}{'seconds':>10}{'MB/s':>8}{'to rg':>8}{'ns a line':>11}{'peak MiB':>10}")
    rows = []
    for shape in [*logs.SHAPES, "line"]:
        log = Path(folder) / "error.log"
        size = min(options.megabytes, SMALL.get(shape, 100))
        logs.write(shape, size * 1_000_000, log)
        rounds = [(run([options.ahdiag, log], False, folder), run(["rg", "-j1", "-c", SEARCH, log], False, folder)) for _ in range(3)]
        took = statistics.median(one for one, _ in rounds)
        row = {"shape": shape, "megabytes": size, "seconds": took, "to_rg": took / statistics.median(other for _, other in rounds),
               "ns_a_line": took / max(1, count_lines(log)) * 1e9, "peak_mib": run([options.ahdiag, log], False, folder, watched=True)}
        print(f"{shape:<14}{size:>6}{took:>10.3f}{size / took:>8.0f}{row['to_rg']:>8.1f}{row['ns_a_line']:>11.0f}{row['peak_mib']:>10.1f}")
        rows.append(row)
    return rows


def count_lines(log):
    with log.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def show(result):
    print(f"{result['megabytes']} MB, {result['lines']:,} lines, medians\n\n{'command':<36}{'seconds':>9}{'MB/s':>8}{'to rg':>8}{'peak MiB':>10}")
    for row in result["rows"]:
        print(f"{row['command']:<36}{row['seconds']:>9.3f}{row['mb_per_second']:>8.0f}{row['to_rg']:>8.2f}{row['peak_mib']:>10.1f}")
    print("\nstart and end: " + ", ".join(f"{name} {took:.1f} ms" for name, took in result["start_ms"].items()))
    if result["missing"]:
        print("not here: " + ", ".join(result["missing"]))


if __name__ == "__main__":
    main()
