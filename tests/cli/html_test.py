"""--format html: one file that needs no other, in which a log is text."""
import base64
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import chromium
import strangers
from support import FOUNDING, SOURCE, run

MADE = {"html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "nav", "ol", "li", "span", "main", "section", "div", "svg", "desc",
        "line", "text", "tspan", "rect", "circle", "details", "summary", "table", "thead", "tr", "th", "tbody", "td", "article", "code", "strong", "dl", "dt",
        "dd", "figure", "figcaption", "pre", "mark", "ul", "footer", "script"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "rel", "start", "open", "scope", "role", "tabindex", "viewbox", "x", "y", "x1",
              "x2", "y1", "y2", "cx", "cy", "r", "rx", "width", "height", "aria-label", "aria-labelledby", "data-copy"}
BUSY = "".join(f"[Wed Mar 13 {hour:02}:02:11.000001 2024] [{rest}\n" for hour, rest in (
    (7, "core:crit] [pid 9] (13)Permission denied: [client 203.0.113.9:4711] AH00529: /srv/x/.htaccess pcfg_openfile: unable to check htaccess file, ensure it is readable"),
    (8, "proxy:error] [pid 9:tid 9] (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (127.0.0.1:8080) failed"),
    (9, "proxy:error] [pid 9:tid 9] (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (127.0.0.1:8080) failed"),
    (13, "auth_basic:error] [pid 9:tid 9] [client 203.0.113.9:4711] AH01618: user alice not found: /private"),
    (17, "proxy:error] [pid 9:tid 9] (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (127.0.0.1:8080) failed"),
    (18, "mpm_event:error] [pid 9:tid 9] AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"),
    (19, "nobody_knows:error] [pid 9:tid 9] something else <b>"))) + FOUNDING.read_text()


def page(*args, **more):
    return run("--format", "html", *args, **more).text


class Page(unittest.TestCase):
    def check(self, text):
        tree = strangers.Tree(text)
        self.assertEqual(tree.tags() - MADE, set())
        names = [name for _, attributes in tree.elements for name in attributes]
        self.assertEqual(set(names) - ATTRIBUTES, set())
        self.assertEqual([one for one in tree.comments if one.lower() != "doctype html"], [])
        references = set(re.findall(r'"(https?://[^"]+)"', "".join(path.read_text() for path in (SOURCE / "rules").rglob("*.json"))))
        for tag, attributes in tree.elements:
            if "href" in attributes:
                self.assertTrue(attributes["href"].startswith("#") or attributes["href"] in references, attributes)
        ids = [attributes["id"] for _, attributes in tree.elements if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))
        for _, attributes in tree.elements:
            for name in attributes.get("aria-labelledby", "").split():
                self.assertIn(name, ids)
            if attributes.get("href", "").startswith("#"):
                self.assertIn(attributes["href"][1:], ids)
        return tree

    def test_strangers_stay_text(self):
        tree = self.check(page("--platform", "rhel", log=strangers.log(strangers.WORDS)))
        shown = "".join(tree.blocks)
        for word in strangers.WORDS:
            self.assertIn(word, shown)

    def test_samples(self):
        for path in sorted((SOURCE / "samples").glob("*/error.log"))[::3]:
            self.check(page(path))

    def test_its_own_script_and_style_are_the_only_ones(self):
        text = page(FOUNDING)
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        for tag in ("style", "script"):
            inner, = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
            hashed = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
            self.assertIn(f"{tag}-src 'sha256-{hashed}'", policy)
            self.assertNotRegex(inner, r"https?://|url\(|@import|src=")
        self.assertNotRegex(text, r"\son\w+=|\sstyle=|<link|<img|<iframe|javascript:")

    def test_every_step_can_be_copied_whole(self):
        report = run("--format", "json", FOUNDING).report()
        tree = strangers.Tree(page(FOUNDING))
        for step in report["incidents"][0]["plan"]["steps"]:
            if step["kind"] == "command":
                self.assertIn(step["shell"], tree.blocks)
            if step["kind"] == "file":
                self.assertTrue(any(step["content"] in block for block in tree.blocks), step["content"])
        labels = [attributes["data-copy"] for _, attributes in tree.elements if "data-copy" in attributes]
        self.assertEqual(len(labels), len(set(labels)))
        self.assertIn("Copy step 4 of incident 1", labels)

    def test_the_picture_tells_when(self):
        report = run("--format", "json", log=BUSY).report()
        tree = self.check(page(log=BUSY))
        timed = [one for one in report["incidents"] if one["first_seen"]]
        bars = [attributes for tag, attributes in tree.elements if tag == "rect"]
        self.assertEqual(len(bars), sum(one["first_seen"] != one["last_seen"] for one in timed))
        dots = [attributes for tag, attributes in tree.elements if tag == "circle"]
        self.assertGreaterEqual(len(dots), 2 * len(timed))
        for one in bars + dots:
            where = float(one.get("x", one.get("cx")))
            self.assertTrue(12 <= where <= 948, one)
        prose = "".join(tree.prose)
        for one in report["incidents"]:
            for time in (one["first_seen"], one["last_seen"]):
                self.assertIn(time or "not stated", prose, "the table says what the picture shows")

    def test_no_picture_without_times(self):
        text = page(log="AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ::1\n")
        self.assertNotIn("<svg", text)
        self.assertIn("Nothing to diagnose", page(log=""))

    def test_many_incidents_keep_the_picture_small(self):
        log = "".join(f"[Wed Mar 13 07:02:{i % 60:02}.000001 2024] [core:error] [pid 9] (13)Permission denied: [client 203.0.113.9:1] AH00035: access to /{i} denied "
                      f"(filesystem path '/srv/{i}') because search permissions are missing on a component of the path\n" for i in range(90))
        text = page(log=log)
        self.assertIn("The 40 worst of", text)
        self.check(text)


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= .04045 else ((part + .055) / 1.055) ** 2.4 for part in parts]
    return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2]


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + .05) / (dark + .05)


class Colours(unittest.TestCase):
    """WCAG 2.1, 1.4.3: 4.5 to 1 for text; 1.4.11: 3 to 1 for what a picture says."""

    def test_contrast(self):
        style = (SOURCE / "src/report/assets/page.css").read_text()
        schemes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]]
        self.assertEqual(len(schemes), 2)
        severities = ("critical", "error", "warning", "notice")
        for colours in schemes:
            pairs = [(text, ground) for text in ("text", "soft", "link") for ground in ("page", "card", "inset")]
            pairs += [("mark-text", "mark")] + [("on-badge", one) for one in (*severities, "ok", "soft")] + [(one, "card") for one in severities]
            for text, ground in pairs:
                self.assertGreaterEqual(contrast(colours[text], colours[ground]), 4.5, (text, ground, colours["page"]))


@unittest.skipIf(chromium.CHROMIUM is None, "no Chromium here (./dev pages installs it)")
class InChromium(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="html-test-")
        self.addCleanup(self.folder.cleanup)

    def dom(self, text):
        path = Path(self.folder.name, "report.html")
        path.write_text(text)
        return chromium.show(path, "--dump-dom")

    def test_nothing_runs_but_its_own_script(self):
        shown, said = self.dom(page("--platform", "rhel", log=strangers.log(strangers.WORDS)))
        self.assertEqual(chromium.console(said), [])
        tree = strangers.Tree(shown)
        self.assertEqual(tree.tags() - MADE - {"button"}, set())
        self.assertEqual(sum(tag == "script" for tag, _ in tree.elements), 1)
        copies = sum("data-copy" in attributes for _, attributes in tree.elements)
        self.assertGreater(copies, 10)
        self.assertEqual(sum(tag == "button" for tag, _ in tree.elements), copies, "the script ran: each block has its button")

    def test_the_policy_holds(self):
        """Even if something got in, it would not run: the browser says so."""
        text = page(FOUNDING).replace("<main", "<script>document.body.id = 'ran'</script><img src='http://127.0.0.1:1/x' onerror='document.body.id = 1'><main", 1)
        shown, said = self.dom(text)
        self.assertNotRegex(shown, r"<body id=")
        self.assertTrue(any("Content Security Policy" in line for line in chromium.console(said)), said[-3000:])

    def test_a_button_copies_the_step_and_nothing_else(self):
        press = """<script>
            let copied = "";
            Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => { copied = text; }}});
            document.querySelector('[aria-label="Copy step 4 of incident 1"]').click();
            setTimeout(() => { document.title = copied + "|" + document.getElementById("said").textContent; }, 500);
        </script></body>"""
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page(FOUNDING)).replace("</body>", press)
        shown, _ = self.dom(text)
        self.assertIn("<title>install -d -o root -g apache -m 0710 -- /run/httpd|Copied.</title>", shown)

    def test_it_can_be_drawn_and_printed(self):
        path = Path(self.folder.name, "busy.html")
        path.write_text(page(log=BUSY))
        for name, words in {"page.png": (), "narrow.png": ()}.items():
            target = Path(self.folder.name, name)
            chromium.show(path, f"--screenshot={target}", *words, width=400 if "narrow" in name else 1200)
            self.assertTrue(target.read_bytes().startswith(b"\x89PNG"))
        target = Path(self.folder.name, "page.pdf")
        chromium.show(path, f"--print-to-pdf={target}", "--no-pdf-header-footer")
        self.assertTrue(target.read_bytes().startswith(b"%PDF"))
        if shutil.which("pdftotext"):
            text = subprocess.run(["pdftotext", target, "-"], capture_output=True, check=True, timeout=60).stdout.decode()
            self.assertIn("RuntimeDirectoryPreserve=yes", text, "what is folded on the screen is unfolded on paper")
            self.assertNotIn("Copy", text)


if __name__ == "__main__":
    unittest.main()
