#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "input/paste.h"

using namespace ahdiag;
using std::string_view;

namespace {

std::string mended(string_view line) {
  std::string scratch;
  return std::string(mend(line, scratch));
}

}  // namespace

TEST_CASE("what copying did to a line is undone", "[input][paste]") {
  struct Row {
    string_view line, whole;
  };
  const std::vector<Row> rows = {
      // terminals
      {"\x1b[0;1;31mAH00015: x\x1b[0m", "AH00015: x"},
      {"\x1b[38;5;9mAH00015:\x1b[m x\x1b[K", "AH00015: x"},
      {"\x1b]8;;file:///x\x07link\x1b]8;;\x07", "link"},
      {"[0;1;31mhttpd.service: Failed[0m", "httpd.service: Failed"},
      // browsers
      {"apache2: Syntax error: &lt;/VirtualHost&gt; &amp; &quot;x&quot; &#39;y&#39;",
       "apache2: Syntax error: </VirtualHost> & \"x\" 'y'"},
      {"a &amp;lt; b", "a &lt; b"},
      // word processors, input methods
      {"Invalid command \xE2\x80\x98"
       "Foo\xE2\x80\x99, \xE2\x80\x9Cx\xE2\x80\x9D",
       "Invalid command 'Foo', \"x\""},
      {"\xEF\xBC\xBB"
       "core:error\xEF\xBC\xBD \xEF\xBC\x88"
       "2\xEF\xBC\x89x\xEF\xBC\x9A y",
       "[core:error] (2)x: y"},
      {"AH00015:\xC2\xA0x", "AH00015: x"},
      {"into se\xE2\x80\xA6_priority", "into se..._priority"},
      {"\xEF\xBB\xBF"
       "AH00015: x",
       "AH00015: x"},
      // Markdown
      {"(30)**Read-only file system: AH00099: x**", "(30)Read-only file system: AH00099: x"},
      {"[**core:error**] x", "[core:error] x"},
      {"`AH00015: x`", "AH00015: x"},
      {"\"AH00015: x\"", "AH00015: x"},
      {"\xE2\x80\x9C"
       "AH00015: x\xE2\x80\x9D",
       "AH00015: x"},
      {"    \"AH00015: x\"", "    \"AH00015: x\""},
      {"```AH00015: x```", "AH00015: x"},
      // cat -v, cat -A
      {"AH00015: x^M", "AH00015: x"},
      {"AH00015: x^M$", "AH00015: x"},
      // the mouse
      {"core:error] [pid 1] AH00099: x", "[core:error] [pid 1] AH00099: x"},
      {"error] File does not exist: /x", "[error] File does not exist: /x"},
      {"ent 203.0.113.9:4711] words", "[client 203.0.113.9:4711] words"},
      {"203.0.113.9:4711] words", "[client 203.0.113.9:4711] words"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(mended(row.line) == row.whole);
  }
}

TEST_CASE("what needs nothing is not copied", "[input][paste]") {
  for (const string_view line : {
           "",
           "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 1] [client 1.2.3.4:5] AH00132: x, referer: "
           "http://a/?b&c",
           "*** stack smashing detected ***: terminated",
           "AH00670: /srv/**/x",
           "** note",
           "a & b && c",
           "words] here",
           "Sun Nov 22 15:20:05 2026] [error] x",
           "array[0] = {1m}",
           "`ls`",
           "3.4:5] x",
       }) {
    CAPTURE(line);
    std::string scratch;
    const auto result = mend(line, scratch);
    CHECK(result == line);
    CHECK(result.data() == line.data());
  }
}

TEST_CASE("a visitor's words are left as they came", "[input][paste]") {
  const string_view line =
      "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 1] [client 1.2.3.4:5] AH00132: /&lt;x&gt; **b**, referer: "
      "&quot;";
  CHECK(mended(line) == line);
}

TEST_CASE("an entity that the configuration holds is what is wrong there", "[input][paste]") {
  const string_view line = "Invalid command '&lt;Directory', perhaps misspelled";
  CHECK(mended(line) == line);
}
