#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/shell.h"

using namespace ahdiag;
using std::string_view;

namespace {

// What /bin/sh makes of the words that `line` holds, one after the other, each ended by NUL.
std::string through_shell(const std::string& line) {
  // The shell reads the line from a string of its own, so that no second round of quoting hides a fault of the first.
  const std::string command = "exec printf '%s\\0' " + line;
  std::string out;
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): what is tested is the shell
  REQUIRE(pipe != nullptr);
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  REQUIRE(::pclose(pipe) == 0);
  return out;
}

std::string ended(const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) {
    all += word;
    all += '\0';
  }
  return all;
}

}  // namespace

TEST_CASE("a plain word stays bare, any other is quoted", "[text][shell]") {
  struct Row {
    string_view word, quoted;
  };
  const std::vector<Row> rows = {
      {"httpd", "httpd"},
      {"/run/httpd", "/run/httpd"},
      {"--mode=0710", "--mode=0710"},
      {"user@host:1,2%3+4", "user@host:1,2%3+4"},
      {"", "''"},
      {"a b", "'a b'"},
      {"it's", "'it'\\''s'"},
      {"'", "''\\'''"},
      {"$HOME", "'$HOME'"},
      {"`id`", "'`id`'"},
      {"a;b", "'a;b'"},
      {"a\nb", "'a\nb'"},
      {"*", "'*'"},
      {"~", "'~'"},
      {"#x", "'#x'"},
      {"!x", "'!x'"},
      {"{a,b}", "'{a,b}'"},
      {"\\", "'\\'"},
      {"caf\xC3\xA9", "'caf\xC3\xA9'"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.word);
    CHECK(shell_word(row.word) == row.quoted);
  }
}

TEST_CASE("an argv is a line of its words", "[text][shell]") {
  const std::vector<std::string> argv = {"install", "-d", "--", "/srv/a b", ""};
  CHECK(shell_line(argv) == "install -d -- '/srv/a b' ''");
  CHECK(shell_line(std::vector<std::string>{"", "x"}) == "'' x");
  CHECK(shell_line({}).empty());
}

TEST_CASE("any word comes out of the shell as it went in", "[text][shell]") {
  std::mt19937 random(20240313);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same words in each run
  const string_view nasty = " \t\n'\"\\$`*?[]{}()<>|&;!#~=%@^-+,.:/aZ0";
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> words;
    for (int i = 0; i < 50; ++i) {
      std::string word;
      const auto length = random() % 12;
      for (std::size_t j = 0; j < length; ++j) {
        const bool any = random() % 3 == 0;
        word += any ? static_cast<char>(1 + random() % 255) : nasty[random() % nasty.size()];
      }
      words.push_back(std::move(word));
    }
    const std::string line = shell_line(words);
    CAPTURE(round, line);
    CHECK(through_shell(line) == ended(words));
  }
}

TEST_CASE("each single byte comes out of the shell as it went in", "[text][shell]") {
  std::vector<std::string> words;
  for (int byte = 1; byte < 256; ++byte) words.emplace_back(1, static_cast<char>(byte));
  CHECK(through_shell(shell_line(words)) == ended(words));
}

TEST_CASE("a word of a unit loses specifiers, variables and quotes", "[text][shell]") {
  CHECK(unit_word("/run/httpd") == "/run/httpd");
  CHECK(unit_word("/srv/50%") == "/srv/50%%");
  CHECK(unit_word("%n") == "%%n");
  CHECK(unit_word("$HOME") == "$$HOME");
  CHECK(unit_word("a b") == "\"a b\"");
  CHECK(unit_word("say \"x\"") == "\"say \\\"x\\\"\"");
  CHECK(unit_word("it's") == "\"it's\"");
  CHECK(unit_word("a\\b") == "\"a\\\\b\"");
  CHECK(unit_word(";") == "\";\"");
  CHECK(unit_word("") == "\"\"");
}

TEST_CASE("a field of a tmpfiles.d line loses specifiers and blanks", "[text][shell]") {
  CHECK(tmpfiles_field("/run/httpd") == "/run/httpd");
  CHECK(tmpfiles_field("/run/50%") == "/run/50%%");
  CHECK(tmpfiles_field("/run/a b") == "\"/run/a b\"");
  CHECK(tmpfiles_field("/run/$x") == "\"/run/$x\"");
  CHECK(tmpfiles_field("/run/\"q\"") == "\"/run/\\\"q\\\"\"");
  CHECK(tmpfiles_field("/run/a\\b") == "\"/run/a\\\\b\"");
  CHECK(tmpfiles_field("") == "\"\"");
}

TEST_CASE("an argument of a directive is quoted as httpd reads it", "[text][shell]") {
  CHECK(httpd_argument("/srv/www") == "/srv/www");
  CHECK(httpd_argument("/srv/my site") == "\"/srv/my site\"");
  CHECK(httpd_argument("say \"x\"") == "\"say \\\"x\\\"\"");
  CHECK(httpd_argument("C:\\Apache24") == "\"C:\\\\Apache24\"");
  CHECK(httpd_argument("#x") == "\"#x\"");
  CHECK(httpd_argument("50%") == "50%");
  CHECK(httpd_argument("") == "\"\"");
}

TEST_CASE("A here-document ends where its text does not") {
  CHECK(here_document("a\nb\n") == "<<'EOF'\na\nb\nEOF\n");
  CHECK(here_document("a\nEOF\nb\n") == "<<'EOF_'\na\nEOF\nb\nEOF_\n");
  CHECK(here_document("EOF\nEOF_\n") == "<<'EOF__'\nEOF\nEOF_\nEOF__\n");
  CHECK(here_document(" EOF\n") == "<<'EOF'\n EOF\nEOF\n");
}
