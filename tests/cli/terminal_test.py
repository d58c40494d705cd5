"""Colour and width: what a terminal is shown, and what a file gets."""
import re
import unittest

from support import FOUNDING, run, run_on_terminal

ESC = "\x1b"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Colour(unittest.TestCase):
    def on_terminal(self, *args, **environment):
        return run_on_terminal(*args, FOUNDING, environment={"TERM": "xterm", **environment})[1]

    def test_a_terminal_gets_colour(self):
        self.assertIn(ESC, self.on_terminal())
        self.assertIn(ESC, self.on_terminal("--color", "auto"))

    def test_it_only_stands_in_for_the_carets(self):
        plain = run_on_terminal("--color", "never", FOUNDING)[1]
        self.assertNotIn(ESC, plain)
        self.assertEqual(COLOUR.sub("", self.on_terminal()), re.sub(r"(?m)^[ ^]*\^\n", "", plain))

    def test_what_turns_it_off(self):
        self.assertNotIn(ESC, self.on_terminal(NO_COLOR="1"))
        self.assertNotIn(ESC, self.on_terminal(TERM="dumb"))
        self.assertNotIn(ESC, self.on_terminal("--color", "never"))

    def test_an_empty_no_color_does_not(self):
        self.assertIn(ESC, self.on_terminal(NO_COLOR=""))

    def test_the_option_is_stronger(self):
        self.assertIn(ESC, self.on_terminal("--color", "always", NO_COLOR="1", TERM="dumb"))
        self.assertIn(ESC, run("--color", "always", FOUNDING).text)

    def test_a_pipe_gets_none(self):
        self.assertNotIn(ESC, run(FOUNDING).text)

    def test_json_gets_none(self):
        self.assertNotIn(ESC, self.on_terminal("--color", "always", "--format", "json"))


class Width(unittest.TestCase):
    def test_prose_keeps_to_the_width(self):
        """All but commands, files, and what is longer than a line in one word."""
        for width in (60, 80, 132):
            text = re.sub(r"<<'EOF'\n.*?\nEOF\n", "\n", run("--width", width, FOUNDING).text, flags=re.DOTALL)
            too_long = [line for line in text.splitlines()
                        if len(line) > width and not re.match(r" {7}\S", line) and " " in line.strip() and str(FOUNDING) not in line]
            self.assertEqual([line for line in too_long if not re.match(r"\w+=|d /", line)], [], width)

    def test_commands_are_never_wrapped(self):
        command = "       install -d -o root -g apache -m 0710 -- /run/httpd\n"
        for width in (40, 80):
            self.assertIn(command, run("--width", width, FOUNDING).text)

    def test_the_terminal_tells_it(self):
        for columns in (60, 100):
            shown = run_on_terminal("--color", "never", FOUNDING, columns=columns)[1]
            self.assertEqual(shown, run("--color", "never", "--width", columns, FOUNDING).text)

    def test_no_line_ends_in_blanks(self):
        text = run(FOUNDING).text
        self.assertEqual([line for line in text.splitlines() if line != line.rstrip()], [])


if __name__ == "__main__":
    unittest.main()
