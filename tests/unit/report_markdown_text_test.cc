#include <string>

#include "catch.h"
#include "report/markdown_text.h"

using namespace ahdiag;

TEST_CASE("words stay words, and what a site would make something of becomes code") {
  const auto [text, written] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"The directory /run/httpd does not exist.", "The directory `/run/httpd` does not exist."},
      {"(status 127: no tools), it's 'so'", "(status 127: no tools), it's 'so'"},
      {"ask @octocat, see #12!", "ask `@octocat`, see `#12`!"},
      {"GH-12 PROJ-7 re-run", "`GH-12` `PROJ-7` re-run"},
      {"deadbeef facade1 facade", "`deadbeef` `facade1` facade"},
      {"evil.example www.x.y http://x", "`evil.example` `www.x.y` `http://x`"},
      {":smile: and so on:", "`:smile`: and so on:"},
      {"<img src=x> ![a](b)", "`<img` `src=x>` `![a](b`)"},
      {"a <!-- b", "a &lt;`!--` b"},
      {"x<?php", "`x`&lt;`?php`"},
      {"a  b\nc", "a `b\\x0ac`"},
      {"# *a* _b_ | c", "`#` `*a*` `_b_` `|` c"},
  }));
  CAPTURE(text);
  CHECK(markdown_text(text) == written);
}

TEST_CASE("code is held by more backticks than it has") {
  CHECK(markdown_code("") == "");
  CHECK(markdown_code("a b") == "`a b`");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_code("`") == "`` ` ``");
  CHECK(markdown_code("a```") == "```` a``` ````");
  CHECK(markdown_block("x", "sh") == "```sh\nx\n```\n");
  CHECK(markdown_block("a\n```\nb\n", "text") == "````text\na\n```\nb\n````\n");
}

TEST_CASE("a step is a paragraph and a block") {
  CHECK(markdown_step(2, "Look at /etc.", "ls /etc", "") == "\n**2.** Look at `/etc`.\n\n```sh\nls /etc\n```\n");
  CHECK(markdown_step(3, "Decide.", "", "Ask somebody.") == "\n**3.** Decide. Ask somebody.\n");
}
