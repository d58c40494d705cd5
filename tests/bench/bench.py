#!/usr/bin/python3 -B
"""bench: speed and memory of ahdiag on a generated log, beside grep on the same file. Prints a table.

    tests/bench/bench.py [--ahdiag BIN] [--megabytes N] [--runs N]

The log is what a busy server writes on a bad day: mostly complaints about requests, a few failures, a few lines that
no rule knows. It is the same in every run of the same size. Times are the best of --runs, with the file in the cache.
"""
import argparse
import random
import subprocess
import tempfile
import time
from pathlib import Path

BINARY = Path(__file__).resolve().parents[2] / "build/release/ahdiag"
LINES = (
    (60, "[core:info] [pid {pid}:tid {tid}] [client 192.0.2.{n}:{port}] AH00128: File does not exist: /var/www/html/{word}.php"),
    (20, "[authz_core:error] [pid {pid}:tid {tid}] [client 192.0.2.{n}:{port}] AH01630: client denied by server configuration: "
         "/var/www/html/{word}, referer: https://www.example.com/{word}"),
    (10, "[php:notice] [pid {pid}:tid {tid}] [client 192.0.2.{n}:{port}] PHP Notice:  Undefined variable: {word} in /var/www/html/{word}.php on line {n}"),
    (5, "[proxy:error] [pid {pid}:tid {tid}] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:{port} (127.0.0.1:{port}) failed"),
    (4, "[core:notice] [pid {pid}:tid {tid}] AH00052: child pid {tid} exit signal Segmentation fault (11)"),
    (1, "[auth_digest:error] [pid {pid}] (2)No such file or directory: AH01762: Failed to create shared memory segment on file "
        "/run/httpd/authdigest_shm.{pid}"),
)
WORDS = ("index", "login", "admin", "style", "report", "upload", "status", "search")


def main():
    options = read_options()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "error.log"
        write_log(log, options.megabytes * 1_000_000)
        size = log.stat().st_size
        print(f"{size / 1e6:.0f} MB, best of {options.runs}\n\n{'command':<40}{'seconds':>10}{'MB/s':>10}{'peak MiB':>10}")
        for command in commands(options.ahdiag):
            row = [*command, log]
            took = best(row, folder, options.runs)
            name = " ".join(map(str, [Path(command[0]).name, *command[1:]]))
            print(f"{name:<40}{took:>10.3f}{size / 1e6 / took:>10.0f}{peak_mib(row, folder):>10.1f}")
        empty = Path(folder) / "empty.log"
        empty.touch()
        print(f"\nstart, with an empty file: {best([options.ahdiag, empty], folder, options.runs) * 1000:.1f} ms")


def read_options():
    parser = argparse.ArgumentParser(description="Measure ahdiag beside grep.")
    parser.add_argument("--ahdiag", type=Path, default=BINARY, metavar="BIN", help="the binary (default: %(default)s)")
    parser.add_argument("--megabytes", type=int, default=200, metavar="N", help="size of the log (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each command (default: %(default)s)")
    return parser.parse_args()


def commands(ahdiag):
    return (["wc", "-l"], ["grep", "-c", "AH01762"], ["grep", "-cE", r"AH[0-9]{5}: .*(fail|denied)"], [ahdiag], [ahdiag, "--format", "json"])


def write_log(path, size):
    """Lines drawn by weight, two hundred a second."""
    draw = random.Random(1762)
    weights, texts = zip(*LINES)
    written, second = 0, 0
    with path.open("w", encoding="ascii") as log:
        while written < size:
            clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
            rows = [f"[Wed Mar 13 {clock}.{i:06} 2024] " + fill(text, draw) + "\n" for i, text in enumerate(draw.choices(texts, weights, k=200))]
            written += sum(map(len, rows))
            log.writelines(rows)
            second += 1


def fill(text, draw):
    return text.format(pid=draw.randint(1000, 1016), tid=draw.randint(20000, 20400), n=draw.randint(1, 254),
                       port=draw.randint(1024, 65000), word=draw.choice(WORDS))


def best(command, folder, runs):
    """Least wall-clock seconds."""
    return min(seconds(command, folder) for _ in range(runs))


def start(command, folder):
    """Its output goes to a file: grep does less where it goes to /dev/null."""
    with (Path(folder) / "output").open("wb") as output:
        return subprocess.Popen(command, stdout=output)


def seconds(command, folder):
    begin = time.perf_counter()
    start(command, folder).wait()
    return time.perf_counter() - begin


def peak_mib(command, folder):
    """The kernel's own high-water mark, read until the process ends."""
    process, peak = start(command, folder), 0
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        marks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
        peak = max([peak, *map(int, marks)])
        time.sleep(0.001)
    return peak / 1024


if __name__ == "__main__":
    main()
