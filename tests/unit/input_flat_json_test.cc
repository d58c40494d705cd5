#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "input/flat_json.h"

using namespace ahdiag;
using std::string_view;

namespace {

// "name=value;" for texts and bytes, "name#number;" and "name?;" for the rest; "!" where the object did not end.
std::string shown(string_view text) {
  std::string all;
  FlatJson json(text);
  for (JsonMember member; json.next(member);) {
    all += member.name;
    if (member.kind == JsonMember::Kind::number) {
      all += "#" + std::string(member.raw);
    } else if (member.kind == JsonMember::Kind::other) {
      all += "?";
    } else {
      all += "=";
      append_value(member, all);
    }
    all += ";";
  }
  return all + (json.complete() ? "" : "!");
}

}  // namespace

TEST_CASE("members of a flat object", "[input][json]") {
  struct Row {
    string_view text, members;
  };
  const std::vector<Row> rows = {
      {"{}", ""},
      {"{ }", ""},
      {R"({"a":"b"})", "a=b;"},
      {R"( { "a" : "b" , "c" : 12 } )", "a=b;c#12;"},
      {R"({"a":null,"b":true,"c":-1})", "a?;b?;c#-1;"},
      {R"({"a":[65,66],"b":[],"c":["x"],"d":{"e":"}"}})", "a=AB;b=;c?;d?;"},
      {R"({"a":"\"\\\/\t"})", "a=\"\\/\t;"},
      {R"({"a":"x\ny"})", "a=x\\ny;"},
      {R"({"a":"\u0041\u00e9\u20ac\ud83d\ude00"})", "a=A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80;"},
      {R"({"a":"\ud83d"})", "a=;"},
      {R"({"a":[300]})", "a=;"},
      {"", "!"},
      {"{", "!"},
      {R"({"a)", "!"},
      {R"({"a":"b)", "!"},
      {R"({"a":"b",)", "a=b;!"},
      {R"({"a":"b" "c":"d"})", "a=b;!"},
      {R"({"a":[1,)", "!"},
      {R"({"a":"\)", "!"},
      {R"({a:1})", "!"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(shown(row.text) == row.members);
  }
}
