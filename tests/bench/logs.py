"""Logs for the bench, the same in every run: what a busy server writes, and what somebody would write to slow a reader down.

    tests/bench/logs.py SHAPE MEGABYTES > FILE        shapes: see SHAPES
"""
import bisect
import itertools
import random
import sys

# Weight, whether a page referred to it, and the line behind its time. The weights follow public logs of busy sites: five of
# six lines have an id; most are refusals and missing things that scanners ask for, some are a backend that is gone.
BUSY = (
    (300, True, "[authz_core:error] {who} AH01630: client denied by server configuration: /var/www/html/{path}"),
    (120, False, "[autoindex:error] {who} AH01276: Cannot serve directory /var/www/html/{dir}/: No matching DirectoryIndex "
                 "(index.html,index.cgi,index.pl,index.php,index.xhtml,index.htm) found, and server-generated directory index forbidden "
                 "by Options directive"),
    (110, True, "[proxy_fcgi:error] {who} AH01071: Got error 'PHP message: PHP Warning:  Undefined array key \"{word}\" in "
                "/var/www/html/wp-content/plugins/{word}/{word}.php on line 42'"),
    (80, False, "[ssl:error] {who} AH02032: Hostname {word}.example.com provided via SNI and hostname www.example.com provided via HTTP "
                "have no compatible SSL setup"),
    (60, False, "[auth_basic:error] {who} AH01618: user {word} not found: /{dir}/"),
    (50, False, "[core:error] {who} AH00127: Cannot map GET /{path} HTTP/1.1 to file"),
    (45, False, "[proxy:error] {pid} (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:80{few} (127.0.0.1) failed\n"
                "[proxy_http:error] {who} AH01114: HTTP: failed to make connection to backend: 127.0.0.1"),
    (25, False, "[core:error] {who} AH00126: Invalid URI in request GET /{path}%00 HTTP/1.1"),
    (20, False, "[reqtimeout:info] {who} AH01382: Request header read timeout"),
    (10, False, "[ssl:info] {who} AH02008: SSL library error 1 in handshake (server www.example.com:443)"),
    (8, False, "[core:notice] {pid} AH00052: child pid {tid} exit signal Segmentation fault (11)"),
    (2, False, "[mpm_event:notice] {pid} AH00489: Apache/2.4.62 (Debian) OpenSSL/3.0.15 configured -- resuming normal operations"),
    (1, False, "[mpm_event:error] {pid} AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"),
    (90, True, "[php:warn] {who} PHP Warning:  Undefined variable ${word} in /var/www/html/inc/{word}.php on line 7"),
    (55, False, "[security2:error] {who} ModSecurity: Warning. Matched phrase \"{word}\" at REQUEST_HEADERS:User-Agent. "
                "[file \"/usr/share/modsecurity-crs/rules/REQUEST-913-SCANNER-DETECTION.conf\"] [line \"33\"] [id \"913100\"] "
                "[msg \"Found User-Agent associated with security scanner\"] [severity \"CRITICAL\"] [hostname \"www.example.com\"] "
                "[uri \"/{path}\"]"),
    (30, False, "[php:error] {who} script '/var/www/html/{path}' not found or unable to stat"),
)
SYLLABLES = ("wp", "ad", "min", "log", "in", "cgi", "api", "old", "new", "test", "data", "back", "up", "conf", "user", "shop")


class Draw:
    """Everything that varies in a line. Names are drawn as on real sites: a few are most of what is asked for, many are met once."""

    def __init__(self, seed=1762):
        self.random = random.Random(seed)
        self.names = ["-".join(self.random.choices(SYLLABLES, k=self.random.randint(1, 4))) + str(i) for i in range(20_000)]
        self.sums = list(itertools.accumulate(1 / rank for rank in range(1, len(self.names) + 1)))

    def name(self):
        return self.names[bisect.bisect(self.sums, self.random.random() * self.sums[-1])]

    def fill(self, text):
        pick = self.random.randint
        pid = f"[pid {pick(1000, 1016)}:tid {pick(20000, 20400)}]"
        name = self.name()
        return text.format_map({
            "pid": pid, "who": f"{pid} [client 203.0.{pick(0, 113)}.{pick(1, 254)}:{pick(1024, 65000)}]", "tid": pick(20000, 20400),
            "path": f"{name}.php", "dir": name, "word": name, "few": pick(10, 19)})


def busy(draw):
    """What a busy server writes on a bad day."""
    weights, pages, texts = zip(*BUSY)
    sums = list(itertools.accumulate(weights))
    while True:
        row = bisect.bisect(sums, draw.random.random() * sums[-1])
        page = f", referer: https://www.example.com/{draw.name()}/" if pages[row] and draw.random.random() < 0.6 else ""
        yield from (draw.fill(texts[row]) + page).split("\n")


def same(draw):
    """One message, to many clients."""
    while True:
        yield draw.fill("[authz_core:error] {who} AH01630: client denied by server configuration: /var/www/html/wp-login.php")


def distinct(draw):
    """No message comes twice."""
    for number in itertools.count():
        yield draw.fill(f"[authz_core:error] {{who}} AH01630: client denied by server configuration: /var/www/html/{number}")


def incidents(draw):
    """Each line is a failure of its own: another path."""
    for number in itertools.count():
        yield draw.fill(f"[core:crit] {{pid}} (13)Permission denied: AH00529: /var/www/html/{number}/.htaccess pcfg_openfile: unable to check "
                        f"htaccess file, ensure it is readable and that '/var/www/html/{number}/' is executable")


def expensive(draw):
    """The rule with the longest expression matches each, or nearly does."""
    for number in itertools.count():
        yield draw.fill(f"[security2:error] {{who}} ModSecurity: Access denied with code 403 (phase 2). [file \"/etc/{number}.conf\"] "
                        + f"[id \"{number}\"] [msg \"{number}\"] " * 8)


def followers(draw):
    """Consequences of nothing."""
    for number in itertools.count():
        yield draw.fill(f"[proxy_http:error] {{who}} AH01114: HTTP: failed to make connection to backend: host{number}")


STAMPED = {"busy": busy, "same": same, "distinct": distinct, "incidents": incidents, "expensive": expensive, "followers": followers}


def headerless(draw):
    """What is printed before the error log is open, and by scripts."""
    for number in itertools.count():
        yield f"AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using {draw.name()}{number}"


def raw(draw):
    """Words of a script, without any header."""
    for number in itertools.count():
        yield f"Use of uninitialized value ${draw.name()} in concatenation (.) or string at /usr/lib/cgi-bin/{draw.name()}.pl line {number}."


def wrapped(draw):
    """A stamped line and what goes on with it, again and again."""
    for number in itertools.count():
        yield f"[Sun Nov 22 15:20:05.000001 2026] [proxy_http:error] [pid 1] AH01114: HTTP: failed to make connection"
        yield f"    to backend: host{number}"


def tiny(draw):
    """A million lines of a byte each."""
    while True:
        yield "x"


def numbers(draw):
    """The same, but no two alike."""
    for number in itertools.count():
        yield str(number)


def framed(draw):
    """A script's words, each in another frame."""
    words = raw(draw)
    for number in itertools.count():
        second = number % 60
        yield f"Mar 13 07:02:{second:02} web httpd[{number % 1000}]: {next(words)}"
        yield f"2024-03-13T07:02:{second:02}.000000001Z stderr F {next(words)}"
        yield f"web-1  | {next(words)}"
        yield f'{{"log":"{next(words)}\\n","stream":"stderr","time":"2024-03-13T07:02:{second:02}.000000001Z"}}'


def statuses(draw):
    """What looks like the number of a status and is none, as often as a line has room for it."""
    for number in itertools.count():
        yield f"x{number} " + "(2) " * 50


def glued(draw):
    """Thousands of entries on one line."""
    while True:
        yield "AH00558: a" + " AH00558: b" * 5000


def brackets(draw):
    """Each byte may begin a header."""
    while True:
        yield "[" * 60_000


def foreign(draw):
    """Letters of another alphabet: each may be typography."""
    while True:
        yield "\u0436" * 100


SHAPES = {**STAMPED, "headerless": headerless, "raw": raw, "wrapped": wrapped, "tiny": tiny, "numbers": numbers, "framed": framed,
          "statuses": statuses, "glued": glued, "brackets": brackets, "foreign": foreign}


def lines(shape, size):
    """Lines of a shape, up to so many bytes; those of a server have a time, two hundred a second."""
    written = 0
    for number, text in enumerate(SHAPES[shape](Draw())):
        if shape in STAMPED:
            second = number // 200
            text = f"[Wed Mar 13 {second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}.{number % 200 * 5000:06} 2024] {text}"
        written += len(text.encode()) + 1
        if written > size:
            return
        yield text + "\n"


def write(shape, size, path):
    with open(path, "w", encoding="utf-8") as log:
        if shape == "line":
            log.write("[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 1] AH00023: " + "x" * size)  # one line, no end
        else:
            log.writelines(lines(shape, size))


if __name__ == "__main__":
    write(sys.argv[1], int(float(sys.argv[2]) * 1_000_000), "/dev/stdout")
