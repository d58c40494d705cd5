#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/utf8.h"

using namespace ahdiag;
using std::string_view;

TEST_CASE("a UTF-8 sequence is what Unicode's table 3-7 says, nothing else", "[text][utf8]") {
  struct Row {
    string_view text;
    std::size_t length;
  };
  const std::vector<Row> rows = {
      {"", 0},
      {"a", 1},
      {string_view("\0", 1), 1},
      {"\x7F", 1},
      {"\xC2\x80", 2},
      {"\xDF\xBF", 2},
      {"\xE0\xA0\x80", 3},
      {"\xED\x9F\xBF", 3},
      {"\xEE\x80\x80", 3},
      {"\xEF\xBF\xBF", 3},
      {"\xF0\x90\x80\x80", 4},
      {"\xF4\x8F\xBF\xBF", 4},
      // Continuation and unused bytes.
      {"\x80", 0},
      {"\xBF", 0},
      {"\xF5\x80\x80\x80", 0},
      {"\xFF", 0},
      // Overlong forms.
      {"\xC0\x80", 0},
      {"\xC1\xBF", 0},
      {"\xE0\x9F\xBF", 0},
      {"\xF0\x8F\xBF\xBF", 0},
      // Surrogates, and what is above U+10FFFF.
      {"\xED\xA0\x80", 0},
      {"\xED\xBF\xBF", 0},
      {"\xF4\x90\x80\x80", 0},
      // Cut sequences.
      {"\xC3", 0},
      {"\xE2\x82", 0},
      {"\xE2\x82!", 0},
      {"\xF0\x9F\x92", 0},
      {"\xC3(", 0},
  };
  for (const auto& row : rows) {
    CAPTURE(printable(row.text));
    CHECK(utf8_length(row.text) == row.length);
    CHECK(utf8_length(std::string(row.text) + "tail") == (row.text.empty() ? 1 : row.length));
  }
}

TEST_CASE("text becomes valid UTF-8 and keeps what was valid", "[text][utf8]") {
  CHECK(to_utf8("caf\xC3\xA9") == "caf\xC3\xA9");
  CHECK(to_utf8("caf\xE9") == "caf\\xe9");
  CHECK(to_utf8("\xE2\x82") == "\\xe2\\x82");
  CHECK(to_utf8("a\xC0\x80z") == "a\\xc0\\x80z");
  CHECK(to_utf8("\x1B[31m\n") == "\x1B[31m\n");
}

TEST_CASE("each byte string becomes valid UTF-8", "[text][utf8]") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = {static_cast<char>(first), static_cast<char>(second), '\x82', 'x'};
      const std::string all = to_utf8(text);
      string_view rest = all;
      while (!rest.empty()) {
        const auto length = utf8_length(rest);
        if (length == 0) FAIL("not UTF-8 for the bytes " << first << " " << second);
        rest.remove_prefix(length);
      }
    }
  }
}

TEST_CASE("nothing that steers a terminal is printable", "[text][utf8]") {
  struct Row {
    string_view text, shown;
  };
  const std::vector<Row> rows = {
      {"plain text, \xE2\x82\xAC and \xF0\x9F\x92\xA9", "plain text, \xE2\x82\xAC and \xF0\x9F\x92\xA9"},
      {"a\tb", "a b"},
      {"a\nb\r", "a\\x0ab\\x0d"},
      {string_view("a\0b", 3), "a\\x00b"},
      {"\x1B[2J\x1B]0;x\x07", "\\x1b[2J\\x1b]0;x\\x07"},
      {"\x7F", "\\x7f"},
      {"\xC2\x9B"
       "31m",
       "\\xc2\\x9b31m"},  // U+009B, the one-character CSI
      {"\xC2\x80\xC2\x85", "\\xc2\\x80\\xc2\\x85"},
      {"\xC2\xA0", "\xC2\xA0"},
      {"\x9B", "\\x9b"},  // the same as a lone byte
      {"caf\xE9", "caf\\xe9"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.shown);
    CHECK(printable(row.text) == row.shown);
  }
}

TEST_CASE("characters that hide or reorder others are shown as bytes", "[text][utf8]") {
  const std::vector<string_view> unwanted = {
      "\xC2\xAD",          // U+00AD soft hyphen
      "\xD8\x9C",          // U+061C Arabic letter mark
      "\xE1\xA0\x8E",      // U+180E Mongolian vowel separator
      "\xE2\x80\x8B",      // U+200B zero width space
      "\xE2\x80\x8E",      // U+200E left-to-right mark
      "\xE2\x80\x8F",      // U+200F right-to-left mark
      "\xE2\x80\xA8",      // U+2028 line separator
      "\xE2\x80\xA9",      // U+2029 paragraph separator
      "\xE2\x80\xAA",      // U+202A left-to-right embedding
      "\xE2\x80\xAE",      // U+202E right-to-left override
      "\xE2\x81\xA0",      // U+2060 word joiner
      "\xE2\x81\xA6",      // U+2066 left-to-right isolate
      "\xE2\x81\xA9",      // U+2069 pop directional isolate
      "\xEF\xBB\xBF",      // U+FEFF byte order mark
      "\xEF\xBF\xB9",      // U+FFF9 interlinear annotation
      "\xF3\xA0\x80\x81",  // U+E0001 language tag
      "\xF3\xA0\x81\xBF",  // U+E007F cancel tag
  };
  for (const auto character : unwanted) {
    const std::string shown = printable("a" + std::string(character) + "b");
    CAPTURE(shown);
    CHECK(shown.starts_with("a\\x"));
    CHECK(shown.ends_with("b"));
    CHECK(shown.size() == 2 + 4 * character.size());
  }
}

TEST_CASE("what is printable stays as it is when it is shown again", "[text][utf8]") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const std::string once = printable(all);
  CHECK(printable(once) == once);
  CHECK(to_utf8(once) == once);
}

// Sixteen bytes are asked at once: each place is tried in texts of all lengths around that.
TEST_CASE("one byte that is not ASCII is found wherever it stands", "[text][utf8]") {
  for (std::size_t size = 0; size <= 50; ++size) {
    std::string text(size, 'a');
    CHECK(is_ascii(text));
    CHECK(printable(text) == text);
    CHECK(columns(text) == size);
    for (std::size_t at = 0; at < size; ++at) {
      for (const char byte : {'\x80', '\xFF'}) {
        text[at] = byte;
        CHECK_FALSE(is_ascii(text));
      }
      for (const char byte : {'\x7F', '\x1F', '\n'}) {
        text[at] = byte;
        CHECK(is_ascii(text));
        CHECK(printable(text).size() == size + 3);
      }
      text[at] = 'a';
    }
  }
}

TEST_CASE("columns are counted in characters", "[text][utf8]") {
  CHECK(columns("") == 0);
  CHECK(columns("abc") == 3);
  CHECK(columns("caf\xC3\xA9") == 4);
  CHECK(columns("\xE2\x82\xAC\xF0\x9F\x92\xA9") == 2);
}

TEST_CASE("httpd's escapes give the bytes back, and what is no escape stays", "[text][utf8]") {
  struct Row {
    string_view logged, bytes;
  };
  const std::vector<Row> rows = {
      {"/srv/caf\\xc3\\xa9", "/srv/caf\xC3\xA9"},
      {"C:\\\\Apache24\\\\x", "C:\\Apache24\\x"},
      {"a\\nb\\rc\\td\\be\\vf", "a\nb\rc\td\be\vf"},
      {"\\x0c\\x07\\x1b", "\f\a\x1B"},
      {"\\x00", string_view("\0", 1)},
      {"\\xC3\\xA9", "\xC3\xA9"},
      {"say \"x\" and \\\"y\\\"", "say \"x\" and \"y\""},
      {"\\\\n", "\\n"},
      {"\\\\\\n", "\\\n"},
      {"\\\\x41", "\\x41"},
      // No escapes of httpd's.
      {"\\", "\\"},
      {"\\x", "\\x"},
      {"\\x4", "\\x4"},
      {"\\xg1", "\\xg1"},
      {"\\d\\0", "\\d\\0"},
      {"end\\", "end\\"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.logged);
    CHECK(unescape_log(row.logged) == row.bytes);
  }
}
