#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "catch.h"
#include "rules/template.h"
#include "support.h"

using namespace ahdiag;

// Only a rule file makes such text.
static_assert(!std::is_default_constructible_v<RuleText>);
static_assert(!std::is_constructible_v<RuleText, std::string>);
static_assert(!std::is_constructible_v<RuleText, std::string_view>);
static_assert(!std::is_constructible_v<RuleText, const char*>);
static_assert(!std::is_constructible_v<Template, std::string>);
static_assert(!std::is_constructible_v<Template, std::string_view>);
static_assert(!std::is_constructible_v<Template, const char*>);
static_assert(!std::is_convertible_v<std::string, Template>);
static_assert(!std::is_assignable_v<Template&, std::string>);
static_assert(!std::is_constructible_v<Template, std::vector<Template::Part>>);
static_assert(std::is_constructible_v<Template, const RuleText&>);
static_assert(std::is_const_v<std::remove_reference_t<decltype(std::declval<Template&>().parts())>>);

namespace {

// "literal|<hole>|…"
std::string shown(std::string_view source) {
  std::string all;
  const Template text = test::text(source);
  for (const auto& part : text.parts()) {
    if (!all.empty()) all += '|';
    all += part.hole ? "<" + part.text + ">" : part.text;
  }
  return all;
}

}  // namespace

TEST_CASE("a hole is a name in braces, all else is literal", "[rules][template]") {
  struct Row {
    std::string_view source, parts;
  };
  const std::vector<Row> rows = {
      {"", ""},
      {"plain", "plain"},
      {"{dir}", "<dir>"},
      {"{dir_2}", "<dir_2>"},
      {"/a/{dir}/b", "/a/|<dir>|/b"},
      {"{a}{b}", "<a>|<b>"},
      {"{a} {b}", "<a>| |<b>"},
      {"{{a}}", "{|<a>|}"},
      // Braces that are no hole.
      {"{}", "{}"},
      {"{ a }", "{ a }"},
      {"{Dir}", "{Dir}"},
      {"{2a}", "{2a}"},
      {"{a-b}", "{a-b}"},
      {"{a", "{a"},
      {"a}", "a}"},
      {"awk '{print}'", "awk '|<print>|'"},
      {"{a,b}", "{a,b}"},
      // The shell's and httpd's own.
      {"${APACHE_RUN_DIR}", "${APACHE_RUN_DIR}"},
      {"${name}", "${name}"},
      {"%{name}", "%|<name>"},
      {"a$ {name}", "a$ |<name>"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.source);
    CHECK(shown(row.source) == row.parts);
    CHECK(test::text(row.source).source() == row.source);
    CHECK(test::text(row.source).empty() == row.source.empty());
  }
}

TEST_CASE("a text that is one hole says so", "[rules][template]") {
  CHECK(test::text("{dir}").sole_hole() == "dir");
  CHECK(test::text("{dir}/").sole_hole().empty());
  CHECK(test::text("{a}{b}").sole_hole().empty());
  CHECK(test::text("dir").sole_hole().empty());
  CHECK(test::text("").sole_hole().empty());
  CHECK(Template().sole_hole().empty());
}

TEST_CASE("a value is never looked at for holes", "[rules][template]") {
  // A slot whose text looks like a hole stays what it is.
  CHECK(test::slot("path", "/srv/{dir}").value() == "/srv/{dir}");
}
