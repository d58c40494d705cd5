#!/usr/bin/python3 -B
"""fuzz: bytes of all kinds for everything that reads what strangers wrote.

    fuzz.py --binary BIN [--seconds N] [TARGET...]      libFuzzer's binary: looks for new ways, for N seconds a target
    fuzz.py --binary BIN --replay [N] [TARGET...]       fuzz-replay: known files, and each changed N times

Seeds are the samples, the rules' examples and what is made of them. What libFuzzer learns stays in build/fuzz/corpus;
inputs that failed are in build/fuzz/found. Those that were mended stand in tests/fuzz/found/TARGET and are tried first.
"""
import argparse
import bz2
import gzip
import io
import json
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = SOURCE / "build/fuzz"
FOUND = SOURCE / "tests/fuzz/found"
TARGETS = ("log", "source", "rules", "merge", "state", "unit")
LONGEST_LOG = 16 * 1024  # of a seed: longer ones only make each try slow


def samples():
    return [path.read_bytes() for path in sorted(SOURCE.glob("samples/*/error.log"))]


def examples():
    """The logs of the rules' examples."""
    for path in sorted(SOURCE.glob("rules/*/*.json")):
        for one in json.loads(path.read_text()).get("examples", []):
            yield ("\n".join(one["log"]) + "\n").encode()


def logs():
    return [one for one in samples() if len(one) <= LONGEST_LOG] + list(examples())


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def sources():
    log = (SOURCE / "samples/founding/error.log").read_bytes()
    archive = tar({"var/log/httpd/error_log": log, "var/log/apache2/error.log.1.gz": gzip.compress(log), "notes": b"x\n"})
    container = b"".join(json.dumps({"log": line + "\n", "stream": "stderr", "time": "2024-03-13T07:02:11.1Z"}).encode() + b"\n"
                         for line in log.decode().splitlines())
    journal = b"".join(b"__REALTIME_TIMESTAMP=1710313331000000\n_SYSTEMD_UNIT=httpd.service\nMESSAGE=" + line + b"\n\n" for line in log.splitlines())
    yield from (log, b"", gzip.compress(log), gzip.compress(log) * 2, bz2.compress(log), lzma.compress(log), archive, gzip.compress(archive),
                log.decode().encode("utf-16"), b"\xef\xbb\xbf" + log, container, journal, b"\0" * 5000 + log)
    if shutil.which("zstd"):
        yield subprocess.run(["zstd", "-c"], input=log, capture_output=True, check=True).stdout


def reports():
    for path in sorted(SOURCE.glob("samples/*/expected.json")):
        yield path.read_bytes()


def states():
    mark = {"size": 3, "digest": "0123456789abcdef"}
    bookmark = {"device": 1, "inode": 2, "offset": 10, "lines": 1, "head": mark, "tail": mark}
    problem = {"id": "i", "log": "/l", "rule": "r", "code": "AH00072", "module": "core", "title": "t", "effect": "e", "cause": "c", "where": "w",
               "evidence": "v", "repair": ["a"], "severity": "critical", "entries": 1, "first": 1, "last": 2, "told": True}
    sums = {"bytes": 1, "lines": 2, "unparsed": 0, "unmatched": 0, "gaps": 0,
            "problems": [{"rule": "r", "code": "AH00072", "module": "core", "severity": "error", "entries": 1}]}
    log = {"path": "/l", "checked": 1, "written": 1, "files": [bookmark]}
    yield json.dumps({"version": 1, "digest": "", "state": {"logs": [log], "problems": [problem], "sums": sums}}).encode()


def units():
    for path in sorted((SOURCE / "contrib").rglob("*")):
        if path.suffix in (".service", ".timer", ".path", ".in") or path.parent.name == "systemd" and path.is_file():
            yield path.read_bytes()
    yield from (b"[Unit]\nAfter=network.target b.service\n[Service]\nType=oneshot\nExecStart=/bin/sh -c 'mkdir -p /run/httpd && chmod 710 /run/httpd' # x\n"
                b"Environment=A=b \"C=d e\"\nRestart = on-failure ; y\n[Install]\nWantedBy=multi-user.target\n",
                b"#!/bin/bash\nmkdir -p /run/httpd\nchown root:apache /run/httpd\nchmod 0710 /run/httpd\n")


SEEDS = {"log": logs, "source": sources, "rules": lambda: (path.read_bytes() for path in sorted(SOURCE.glob("rules/*/*.json"))),
         "merge": reports, "state": states, "unit": units}


def write_seeds(target, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(SEEDS[target]()):
        (folder / f"seed-{number:05}").write_bytes(data)
    for path in sorted((FOUND / target).glob("*")):
        shutil.copy(path, folder / f"found-{path.name}")


def words_of(target):
    """libFuzzer's dictionary: what matters to this target and is hard to guess."""
    words = {"AH00558", "[client 192.0.2.1:5] ", "[pid 1:tid 2] ", "[core:error] ", "(13)Permission denied: ", ", referer: http://x/", "\\x1b", "\x1b[0m",
             "[Wed Mar 13 07:02:11.000001 2024] ", "Mar 13 07:02:11 web1 httpd[22]: ", "MESSAGE=", "{\"log\":\"", "/.htaccess: ", "AH00526: Syntax error on line 3 of /a:"}
    for path in sorted(SOURCE.glob("rules/*/*.json")):
        rule = json.loads(path.read_text())
        if target in ("rules",):
            words |= set(rule)
        if target == "log" and isinstance(rule.get("match"), dict):
            contains = rule["match"].get("contains", [])
            words |= {contains} if isinstance(contains, str) else set(contains)
    if target == "unit":
        words |= {"[Service]", "ExecStart=", "Type=", "RemainAfterExit=", "After=", "[Install]", "WantedBy=", "Environment=", "\\\n"}
    return sorted(words)


def write_dictionary(target, path):
    quote = "".join
    path.write_text("".join(f'"{quote(c if 32 <= ord(c) < 127 and c not in chr(34) + chr(92) else "".join(f"{chr(92)}x{byte:02x}" for byte in c.encode()) for c in word)}"\n'
                            for word in words_of(target) if word))


def search(binary, target, seconds):
    """Whether nothing was found."""
    corpus, found = BUILD / "corpus" / target, BUILD / "found"
    seeds = BUILD / "seeds" / target
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(seeds, ignore_errors=True)
    write_seeds(target, seeds)
    dictionary = BUILD / f"{target}.dict"
    write_dictionary(target, dictionary)
    print(f"{target}: {seconds} s", flush=True)
    before = set(found.iterdir())
    done = subprocess.run([binary, corpus, seeds, f"-max_total_time={seconds}", f"-dict={dictionary}", f"-artifact_prefix={found}/{target}-", "-timeout=20",
                           "-rss_limit_mb=3000", "-max_len=20000", "-print_final_stats=1", f"-fork={os.cpu_count()}", "-ignore_crashes=0"],
                          env={**os.environ, "AHDIAG_FUZZ": target, "ASAN_OPTIONS": "detect_leaks=0"}, stderr=subprocess.PIPE, text=True, errors="replace")
    print("\n".join(done.stderr.splitlines()[-2:]), flush=True)
    for path in sorted(set(found.iterdir()) - before):
        print(f"found: AHDIAG_FUZZ={target} {binary} {path}")
    if done.returncode != 0:
        print("\n".join(done.stderr.splitlines()[-60:]))
    return done.returncode == 0


def replay(binary, target, changes):
    with tempfile.TemporaryDirectory() as folder:
        write_seeds(target, Path(folder) / "seeds")
        done = subprocess.run([binary, target, "--changes", str(changes), "seeds"], cwd=folder, capture_output=True, text=True, errors="replace")
        print(done.stdout + done.stderr, end="", flush=True)
        if done.returncode != 0:
            kept = shutil.copy(Path(folder) / "fuzz-last", f"fuzz-{target}-failed")
            print(f"exit status {done.returncode}; again: {binary} {target} {Path(kept).resolve()}")
        return done.returncode == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--replay", type=int)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    args = parser.parse_args()
    if unknown := set(args.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    binary = str(Path(args.binary).resolve())
    results = [search(binary, one, args.seconds) if args.replay is None else replay(binary, one, args.replay) for one in args.targets or TARGETS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
