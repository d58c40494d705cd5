#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "report/json_writer.h"

using namespace ahdiag;
using Form = JsonWriter::Form;

namespace {

std::string written(Form form, std::size_t depth, auto fill) {
  std::string text;
  JsonWriter json(text, form, depth);
  json.begin_object();
  fill(json);
  json.end();
  return text;
}

std::string value_of(std::string_view text) {
  return written(Form::compact, 0, [&](JsonWriter& json) { json.text("a", text); });
}

void fill(JsonWriter& json) {
  json.text("text", "x");
  json.text_or_null("none", "");
  json.number("less", -7);
  json.number("most", UINT64_MAX);
  json.number("known", std::optional<int>(3));
  json.number("unknown", std::optional<int>());
  json.flag("yes", true);
  json.begin_array("empty");
  json.end();
  json.texts("all", std::vector<std::string>{"a", "b"});
  json.begin_array("rows");
  json.begin_object();
  json.end();
  json.begin_object();
  json.raw("raw", "[1]");
  json.end();
  json.item(4);
  json.end();
}

}  // namespace

TEST_CASE("what is written is what the library makes of the same", "[report][json]") {
  const auto expected = nlohmann::ordered_json::parse(
      R"({"text":"x","none":null,"less":-7,"most":18446744073709551615,"known":3,"unknown":null,"yes":true,
          "empty":[],"all":["a","b"],"rows":[{},{"raw":[1]},4]})");
  CHECK(written(Form::compact, 0, fill) == expected.dump());
  // What is written as it is stays on its line.
  const std::string indented = written(Form::indented, 0, fill);
  CHECK(nlohmann::ordered_json::parse(indented) == expected);
  CHECK(written(Form::indented, 0, [](JsonWriter& json) {
          json.texts("a", std::vector<std::string>{"x", "y"});
          json.begin_object("b");
          json.end();
        }) == nlohmann::ordered_json::parse(R"({"a":["x","y"],"b":{}})").dump(2));
}

TEST_CASE("what stands deeper is indented more", "[report][json]") {
  CHECK(written(Form::indented, 2, [](JsonWriter& json) { json.number("a", 1); }) == "{\n      \"a\": 1\n    }");
  CHECK(written(Form::indented, 20, [](JsonWriter& json) { json.number("a", 1); }) ==
        "{\n" + std::string(42, ' ') + "\"a\": 1\n" + std::string(40, ' ') + "}");
}

TEST_CASE("no text breaks out of its string, and no control byte stays", "[report][json]") {
  CHECK(value_of("a\"b\\c\b\f\n\r\t\x01\x1f\x7f") == R"({"a":"a\"b\\c\b\f\n\r\t\u0001\u001f\u007f"})");
  CHECK(value_of(std::string_view("\0", 1)) == R"({"a":"\u0000"})");
  CHECK(value_of("\xC3\xA9 \xC2\x9B[31m \xC2\xA0") == "{\"a\":\"\xC3\xA9 \\u009b[31m \xC2\xA0\"}");
  CHECK(value_of("\xFF\xC3 \xED\xA0\x80") == R"({"a":"\\xff\\xc3 \\xed\\xa0\\x80"})");
}

TEST_CASE("a byte that needs an escape is found wherever it stands", "[report][json]") {
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'x');
      text[place] = "\"\\\n\x7f"[size % 4];
      const std::string json = value_of(text);
      REQUIRE(nlohmann::json::parse(json).at("a") == text);
      REQUIRE(json.find('\n') == std::string::npos);
    }
  }
}
