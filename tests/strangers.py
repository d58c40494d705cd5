"""What a stranger may get into a log in order to become more than text in a ticket, a mail or a page."""
import html.parser

WORDS = (
    "@octocat", "@org/team", "see@example.com", "#123", "octocat/hello#7", "GH-12", "PROJ-123", "!42", "~label", "%1", "$99", "&7", "/close",
    "http://evil.example/x", "https://evil.example/?a=b&c=d", "www.evil.example", "evil.example", "mailto:x@evil.example", "ftp://evil.example",
    "<http://evil.example>", "[x](http://evil.example)", "![x](http://evil.example/i.png)", "[x][y]", "[y]: http://evil.example", "[[wiki]]", "[^1]",
    "<img src=http://evil.example/i.png>", "<script>alert(1)</script>", "<svg onload=alert(1)>", "<!--", "-->", "<![CDATA[", "<?php", "</code></pre><b>",
    "</style><script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='", "&lt;b&gt;", "&#64;octocat", "javascript:alert(1)",
    "*bold*", "_italic_", "**x**", "~~x~~", "||x||", "| a | b |", ":smile:", "`", "``", "```", "```` x ````", "`@octocat`", "\\`@octocat`", "`\\", "~~~", "\\", "\\@x",
    "# heading", "1. one", "- item", "> quote", "---", "===", "    code", "{code}", "{{x}}", "{% x %}", "h1. x", "[~user]", "!x.png!", "{noformat}",
    "deadbeefcafe0123456789abcdef0123456789ab", "$(touch x)", "${x}", "x" * 300,
)
HEADER = "[Wed Mar 13 07:02:11.000001 2024] "
PLACES = (
    "[auth_digest:error] [pid 22] (2)No such file or directory: AH01762: Failed to create shared memory segment on file /run/{}/authdigest_shm.22",
    "[core:error] [pid 9:tid 9] [client 203.0.113.9:4711] AH00126: Invalid URI in request GET {} HTTP/1.1",
    "[core:error] [pid 9:tid 9] [client 203.0.113.9:4711] AH00127: Cannot map GET {} HTTP/1.1 to file",
    "[authz_core:error] [pid 9:tid 9] [client 203.0.113.9:4711] AH01630: client denied by server configuration: /var/www/html/{}, referer: {}",
    "[auth_basic:error] [pid 9:tid 9] [client 203.0.113.9:4711] AH01618: user {} not found: /private",
    "[cgi:error] [pid 9:tid 9] [client 203.0.113.9:4711] AH01215: {}: /var/www/cgi-bin/env.sh",
    "[php:error] [pid 9:tid 9] [client 203.0.113.9:4711] PHP Fatal error:  {} in /var/www/html/index.php on line 7",
    "[core:emerg] [pid 1] AH00526: Syntax error on line 3 of /etc/httpd/conf/{}.conf:\nInvalid command '{}', perhaps misspelled",
    "[nobody_knows:error] [pid 9:tid 9] {}",
)


def log(words, places=PLACES):
    """All words in all places, one entry each."""
    return "".join(HEADER + place.replace("{}", word) + "\n" for place in places for word in words)


class Tree(html.parser.HTMLParser):
    """The elements of a page, its text outside of code, and the text of its blocks of code."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.prose, self.blocks, self.comments, self.within = [], [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("hr", "br", "meta", "img", "input", "link"):
            self.within.append(tag)
        if tag == "pre":
            self.blocks.append("")

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if "pre" in self.within:
            self.blocks[-1] += data
        elif not {"code", "script", "style"} & set(self.within):
            self.prose.append(data)

    def handle_comment(self, data):
        self.comments.append(data)

    handle_decl = unknown_decl = handle_pi = handle_comment

    def tags(self):
        return {tag for tag, _ in self.elements}
