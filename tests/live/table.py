"""docs/live.md: what each play of the lab saw, as a page for people."""
from collections import Counter

HEAD = """\
# Plans carried out word for word

Made by `./dev live --table docs/live.md`; do not edit. Each line is one play of the lab (`tests/live`): a real httpd on a booted
system was broken so, said so, and its journal and error log were all that `ahdiag` got. The plan's steps were carried out as they
stand: commands by their argv, files by their content (*argv*), by the script of `--format sh` (*sh*), or by the playbook of
`--format ansible` (*ansible*). Then a real request had to be answered, a second run had to change nothing, the system was booted
again, and at last all was taken back. *By hand*: what the plan leaves to a person was done by the lab's hand, and is not undone.

"""
LONGEST = 150


def said(fault, incident):
    """What the table tells of a diagnosis."""
    steps = Counter(step["kind"] for step in incident["plan"]["steps"] if step["phase"] != "undo")
    errno = incident["errno"]["name"] + " " if incident["errno"] and incident["errno"]["name"] else ""
    return {"layout": fault.layout, "what": fault.what, "by_hand": bool(fault.by_hand), "undo": fault.undo,
            "said": incident["evidence"][0]["text"], "code": incident["code"] or incident["rule"], "cause": errno + incident["cause"]["class"],
            "steps": ", ".join(f"{count} {plural(kind, count)}" for kind, count in sorted(steps.items()))}


def plural(kind, count):
    word = {"manual": "by hand"}.get(kind, kind)
    return word + ("s" if count != 1 and kind != "manual" else "")


def page(results):
    failed = sum(result["problem"] is not None for result in results)
    faults = len({result["name"] for result in results})
    lines = [f"{faults} faults in {len(results)} plays; {len(results) - failed} plays passed, {failed} failed.\n",
             "| fault | httpd said | diagnosis | steps | carried out by | served after repair | after reboot | undone |",
             "|---|---|---|---|---|---|---|---|"]
    return HEAD + "\n".join([*lines, *map(row, results)]) + "\n"


def row(result):
    if "said" not in result:
        return f"| {result['name']} | | **{cell(result['problem'] or '')}** | | {result['way']} | | | |"
    undone = "yes" if result.get("undone") else "by hand" if not result["undo"] else "**no**"
    return "| " + " | ".join([f"{cell(result['what'])} ({result['layout']})", f"`{cell(result['said'])}`", f"{result['code']}: {result['cause']}",
                              result["steps"], result["way"], yes(result, "repaired"), yes(result, "rebooted"), undone]) + " |"


def yes(result, name):
    return "yes" if result.get(name) else "**no**"


def cell(text):
    """Of a log: one line, not too long, and nothing that ends a cell or a code span."""
    text = " ".join(text.replace("|", "/").replace("`", "'").split())
    return text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"
