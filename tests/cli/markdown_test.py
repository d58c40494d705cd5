"""--format markdown, rendered by those who render it: what a log says stays text."""
import os
import re
import shutil
import subprocess
import unittest

import strangers
from support import FOUNDING, SOURCE, run

try:
    import markdown
except ImportError:
    markdown = None

MADE = {"h1", "h2", "h3", "p", "ul", "li", "strong", "code", "pre", "hr", "a"}  # what the report itself is made of
# What sites look for in rendered text, outside of code: people, issues, commits, addresses.
ACTIVE = re.compile(r"@\w|#\d|\b[A-Z]+-\d|!\d|://|\bwww\.|mailto:|evil|\b[0-9a-f]{7,40}\b|:smile:|/close|[`*_~|\[\]{}]")
LONG = os.environ.get("AHDIAG_LONG") == "1"  # every word in every place alone, every sample: a minute


def by_cmark(text):
    """GitHub's own library, with raw HTML let through: nothing may hide behind its filter."""
    words = ["cmark-gfm", "--unsafe", *(word for one in ("table", "strikethrough", "autolink", "tasklist") for word in ("-e", one))]
    return subprocess.run(words, input=text.encode(), capture_output=True, check=True, timeout=60).stdout.decode()


def by_python(text):
    return markdown.markdown(text, extensions=["extra", "sane_lists"])


RENDERERS = {"cmark-gfm": by_cmark if shutil.which("cmark-gfm") else None, "python-markdown": by_python if markdown else None}


def needs_renderers(test):
    lacking = [name for name, render in RENDERERS.items() if render is None]
    return unittest.skipIf(lacking, "not installed: " + ", ".join(lacking))(test)


def known_references():
    return set(re.findall(r'"(https?://[^"]+)"', "".join(path.read_text() for path in (SOURCE / "rules").rglob("*.json"))))


class Strangers(unittest.TestCase):
    def shown(self, log, *args):
        return run("--format", "markdown", "--platform", "rhel", *args, log=log).text

    def check(self, text):
        links = known_references()
        for name, render in RENDERERS.items():
            tree = strangers.Tree(render(text))
            self.assertEqual(tree.tags() - MADE, set(), name)
            self.assertEqual(tree.comments, [], name)
            for tag, attributes in tree.elements:
                self.assertEqual(set(attributes) - {"href", "class"}, set(), (name, tag, attributes))
                if tag == "a":
                    self.assertIn(attributes["href"], links, name)
            prose = "\n".join(piece for piece in tree.prose if piece not in links)
            self.assertIsNone(ACTIVE.search(prose), (name, prose))
            yield tree

    @needs_renderers
    def test_one_by_one(self):
        for place in strangers.PLACES[:: 1 if LONG else 4]:
            for word in strangers.WORDS:
                with self.subTest(place=place, word=word):
                    for tree in self.check(self.shown(strangers.log([word], [place]))):
                        self.assertTrue(tree.blocks)

    @needs_renderers
    def test_all_together(self):
        for tree in self.check(self.shown(strangers.log(strangers.WORDS))):
            self.assertGreater(len(tree.blocks), 20)

    @needs_renderers
    def test_a_fence_is_longer_than_what_it_holds(self):
        for ticks in range(1, 12):
            word = "`" * ticks + " @octocat " + "`" * (ticks + 1)
            line = strangers.PLACES[-1].replace("{}", word)
            for tree in self.check(self.shown(strangers.HEADER + line + "\n")):
                self.assertEqual([block.strip("\n") for block in tree.blocks], [strangers.HEADER + line])

    @needs_renderers
    def test_a_file_in_a_plan_cannot_end_its_block(self):
        log = strangers.log(["```\n# x\n```", "x```y"], strangers.PLACES[:1])
        for tree in self.check(self.shown(log)):
            self.assertTrue(any("x```y" in block for block in tree.blocks))

    @needs_renderers
    def test_samples(self):
        for path in sorted((SOURCE / "samples").glob("*/error.log"))[:: 1 if LONG else 5]:
            with self.subTest(sample=path.parent.name):
                for _ in self.check(run("--format", "markdown", path).text):
                    pass

    @needs_renderers
    def test_nothing_is_lost(self):
        """Each line of a plan is in a block, as it is in the script."""
        report = run("--format", "json", FOUNDING).report()
        lines = [step["shell"] for step in report["incidents"][0]["plan"]["steps"] if step["kind"] == "command"]
        for tree in self.check(run("--format", "markdown", FOUNDING).text):
            blocks = [block.strip("\n") for block in tree.blocks]
            self.assertEqual([line for line in lines if line not in blocks], [])

    @needs_renderers
    def test_explanations(self):
        for topic in ("AH01762", "ENOSPC", "disk-full", "Listen", "php-fatal"):
            tree_of = [strangers.Tree(render(run("explain", topic, "--format", "markdown").text)) for render in RENDERERS.values()]
            for tree in tree_of:
                self.assertLessEqual(tree.tags(), MADE | {"h4", "em", "blockquote"}, topic)


class Alone(unittest.TestCase):
    def test_it_is_read_as_it_stands(self):
        text = run("--format", "markdown", FOUNDING).text
        self.assertTrue(text.startswith("# httpd: critical\n\n## critical: `mod_auth_digest` cannot"), text[:200])
        self.assertIn("\n- **Incident:** `", text)
        self.assertIn("\n```sh\ninstall -d -o root -g apache -m 0710 -- /run/httpd\n```\n", text)

    def test_nothing_found(self):
        done = run("--format", "markdown", log="")
        self.assertEqual(done.status, 0)
        self.assertIn("Nothing to diagnose", done.text)


if __name__ == "__main__":
    unittest.main()
