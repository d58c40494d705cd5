"""The shape of the source: what may include what, how long files and functions may be."""
import re
import unittest
from collections import defaultdict

from support import SOURCE

TOWER = ("text", "unit", "input", "host", "entry", "rules", "diagnose", "plan", "report", "cli")  # each includes only what stands before it
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
SYSTEM = re.compile(r"^(unistd|fcntl|poll|spawn|pwd|grp|dirent|signal|termios)\.h$|^sys/|^netinet/|^arpa/")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_MAIN = 40
FILES = sorted(path for path in (SOURCE / "src").rglob("*") if path.suffix in (".cc", ".h", ".inc"))


def folder_of(path):
    return path.parent.name if path.parent.name != "src" else "main"


def includes():
    for path in FILES:
        for name in INCLUDE.findall(path.read_text()):
            yield path, name


class Includes(unittest.TestCase):
    def test_there_is_something_to_look_at(self):
        self.assertGreater(len(list(includes())), 100)

    def test_every_folder_has_its_place(self):
        self.assertEqual({folder_of(path) for path in FILES} - {"main", *TOWER}, set())

    def test_the_tower_is_climbed_upwards_only(self):
        wrong = [f"{path.relative_to(SOURCE)} includes {name}" for path, name in includes()
                 if (target := name.split("/")[0]) in TOWER and "/" in name and folder_of(path) != "main"
                 and TOWER.index(target) > TOWER.index(folder_of(path))]
        self.assertEqual(wrong, [])

    def test_headers_include_in_no_circle(self):
        graph = defaultdict(set)
        for path, name in includes():
            if path.suffix == ".h" and (SOURCE / "src" / name).exists():
                graph[str(path.relative_to(SOURCE / "src"))].add(name)
        while leaves := [name for name in graph if not graph[name] & graph.keys()]:
            for leaf in leaves:
                del graph[leaf]
        self.assertEqual(dict(graph), {})

    def check_home(self, pattern, allowed):
        """What matches may be included only by files for which allowed(folder, suffix) holds."""
        wrong = [f"{path.relative_to(SOURCE)} includes {name}" for path, name in includes()
                 if re.search(pattern, name) and not allowed(folder_of(path), path.suffix)]
        self.assertEqual(wrong, [])

    def test_expressions(self):
        self.check_home(r"^re2/|^regex$", lambda folder, suffix: folder in ("rules", "diagnose") and suffix == ".cc")

    def test_json(self):
        self.check_home(r"^nlohmann/json\.hpp$", lambda folder, suffix: folder in ("rules", "report") and suffix == ".cc")
        self.check_home(r"^nlohmann/", lambda folder, suffix: folder in ("rules", "report"))

    def test_the_command_line(self):
        self.check_home(r"^CLI/", lambda folder, suffix: folder == "cli" and suffix == ".cc")

    def test_certificates(self):
        self.check_home(r"^openssl/", lambda folder, suffix: folder == "host" and suffix == ".cc")

    def test_the_system(self):
        self.check_home(SYSTEM.pattern, lambda folder, suffix: folder in ("input", "host", "cli") and suffix == ".cc")

    def test_nothing_is_run(self):
        """ahdiag reads and prints. It opens no connection, and starts no program but that of --exec."""
        allowed = {"src/cli/hook.cc": {"::posix_spawn("}, "src/cli/handover.cc": {"::fork("}}  # the latter: itself, for httpd
        calls = re.compile(r"(?<![\w.>])(?:::|std::)?(?:system|popen|fork|vfork|exec[lv]p?e?|posix_spawnp?|socket|connect|dlopen)\s*\(")
        found = {str(path.relative_to(SOURCE)): set(calls.findall(without_comments(path.read_text()))) for path in FILES}
        self.assertEqual({name: words for name, words in found.items() if words}, allowed)


class Sizes(unittest.TestCase):
    def test_files(self):
        too_long = {str(path.relative_to(SOURCE)): lines for path in FILES if (lines := len(path.read_text().splitlines())) > LONGEST_FILE}
        self.assertEqual(too_long, {})

    def test_main(self):
        self.assertLess(len((SOURCE / "src/main.cc").read_text().splitlines()), LONGEST_MAIN)

    def test_functions(self):
        too_long = {f"{path.relative_to(SOURCE)}:{line}": length for path in FILES for line, length in functions(path.read_text())
                    if length > LONGEST_FUNCTION}
        self.assertEqual(too_long, {})

    def test_the_counter_counts(self):
        body = "int f() {\n" + "  g();\n" * 70 + "}\n"
        self.assertEqual(list(functions("namespace a {\nclass B {\n  int x;\n" + body + "};\n}\n")), [(4, 72)])
        self.assertEqual(list(functions('const char* s = R"({)"; // {\nint f() { return \'{\'; }\n')), [(2, 1)])


def without_comments(text):
    """Comments, strings and characters made blank; lines stay."""
    token = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""", re.DOTALL)
    return token.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def functions(text):
    """First line and number of lines of each outermost block that is no namespace, type or table: the functions."""
    blank = without_comments(text)
    heads, begin = [], None
    for at, c in enumerate(blank):
        if c == "{":
            head = re.split(r"[;{}]", blank[:at])[-1]
            transparent = re.search(r"\b(namespace|class|struct|enum|union)\b", head) is not None and "(" not in head
            if begin is None and not transparent and ")" in head:
                begin = (len(heads), blank.count("\n", 0, at) + 1)
            heads.append(head)
        elif c == "}" and heads:
            heads.pop()
            if begin is not None and len(heads) == begin[0]:
                yield begin[1], blank.count("\n", 0, at) + 2 - begin[1]
                begin = None


if __name__ == "__main__":
    unittest.main()
