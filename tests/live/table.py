"""docs/live.md: what the plays of the lab saw, as a page for people."""
import re
from collections import Counter
from itertools import groupby

HEAD = """\
# Plans carried out word for word

Written by `./dev live`; do not edit. Each line is one fault of the lab (`tests/live`): a real httpd on a booted
system was broken so, and its journal and error log were all that `ahdiag` got. The plan's steps were carried out as they stand:
each command by its argv and each file by its content (*argv*), by the script of `--format sh` (*sh*), by the playbook of
`--format ansible` (*ansible*), each time on a fresh system. Then a real request had to be answered, a second run had to change
nothing, the system was booted again and had to serve, and at last the plan was taken back and /etc had to be as before.

*By hand* are steps that a plan leaves to a person; the lab did them as the person would. What the hand changed below /etc is the person's to take
back, too, and was left out of that last comparison.

"""
LONGEST = 150
# When and in which process differs from play to play.
PASSING = re.compile(r"^\[\w{3} \w{3} [^\]]*\] |\[pid [^\]]*\] |\[(?:client|remote) [^\]]*\] |^\w{3} [ \d]\d [\d:]{8} \S+ |\b(\w+)\[\d+\]: ")


def said(fault, incident):
    """What the table tells of a diagnosis."""
    steps = Counter(step["kind"] for step in incident["plan"]["steps"] if step["phase"] != "undo")
    errno = incident["errno"]["name"] + " " if incident["errno"] and incident["errno"]["name"] else ""
    return {"layout": fault.layout, "what": fault.what, "options": " ".join(fault.options),
            "said": PASSING.sub("", incident["evidence"][0]["text"]), "code": incident["code"] or incident["rule"],
            "cause": errno + incident["cause"]["class"], "steps": ", ".join(f"{count} {plural(kind, count)}" for kind, count in sorted(steps.items())),
            "manual": steps["manual"]}


def plural(kind, count):
    return "by hand" if kind == "manual" else kind + ("s" if count != 1 else "")


def page(results):
    failed = sum(result["problem"] is not None for result in results)
    faults = [list(plays) for _, plays in groupby(results, key=lambda result: result["name"])]
    alone = sum(not any(play.get("manual", 1) for play in plays) for plays in faults)
    ways = Counter(result["way"] for result in results)
    lines = [f"{len(faults)} faults, {alone} of them without any hand; {len(results)} plays ({', '.join(f'{count} {way}' for way, count in ways.items())}): "
             f"{len(results) - failed} passed, {failed} failed.\n",
             "| fault | httpd or systemd said | diagnosis | steps | carried out by | served after repair | after reboot | undone |",
             "|---|---|---|---|---|---|---|---|"]
    return HEAD + "\n".join([*lines, *map(row, faults)]) + "\n"


def row(plays):
    first = plays[0]
    if "said" not in first:
        return f"| {first['name']} | | **{cell(first['problem'] or '')}** | | {first['way']} | | | |"
    options = f", `{first['options']}`" if first["options"] else ""
    return "| " + " | ".join([f"{cell(first['what'])} ({first['layout']}{options})", f"`{cell(first['said'])}`", f"{first['code']}: {first['cause']}",
                              first["steps"], ", ".join(play["way"] for play in plays), yes(plays, "repaired"), yes(plays, "rebooted"), yes(plays, "undone")]) + " |"


def yes(plays, name):
    return "yes" if all(play.get(name) for play in plays) else "**no**"


def cell(text):
    """Of a log: one line, not too long, and nothing that ends a cell or a code span."""
    text = " ".join(text.replace("|", "/").replace("`", "'").split())
    return text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"
