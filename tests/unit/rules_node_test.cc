#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "rules/node.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

// The problems that reading `json` with `visit` brings up, each as one line.
Texts problems_of(std::string_view json, const Node::Visit& visit) {
  Problems problems;
  Node::parse({"rules/x.json", json, &problems}, visit);
  return test::lines_of(problems);
}

const Node::Visit kNothing = [](const Node&) {};

std::string at(std::string_view json, std::string_view pointer) {
  const auto position = locate(json, pointer);
  return std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace

TEST_CASE("a value is found by its pointer", "[rules][node]") {
  const std::string_view json =
      "{\n"
      "  \"a\": 1,\n"
      "  \"list\": [10, \"x, ]}\", {\"b\": true}],\n"
      "  \"deep\": {\"q\\\"uote\": \"\\\\\", \"e\": [], \"o\": {}, \"end\": null}\n"
      "}\n";
  CHECK(at(json, "") == "1:1");
  CHECK(at(json, "/a") == "2:8");
  CHECK(at(json, "/list") == "3:11");
  CHECK(at(json, "/list/0") == "3:12");
  CHECK(at(json, "/list/1") == "3:16");
  CHECK(at(json, "/list/2") == "3:25");
  CHECK(at(json, "/list/2/b") == "3:31");
  CHECK(at(json, "/deep/e") == "4:34");
  CHECK(at(json, "/deep/o") == "4:43");
  CHECK(at(json, "/deep/end") == "4:54");
}

TEST_CASE("what is not there is where it should be", "[rules][node]") {
  const std::string_view json = "{\n  \"a\": {\n    \"b\": 1\n  }\n}";
  CHECK(at(json, "/a/c") == "2:8");
  CHECK(at(json, "/x") == "1:1");
  CHECK(at(json, "/a/b/c") == "3:10");
  CHECK(at("", "/a") == "1:1");
  CHECK(at("  [1]", "/0") == "1:4");
  CHECK(at("\r\n\t{\"a\"\n:\n1}", "/a") == "4:1");
}

TEST_CASE("a file that is no JSON is told with line and column", "[rules][node]") {
  struct Row {
    std::string_view json, where;
  };
  const std::vector<Row> rows = {
      {"", "rules/x.json:1:1"},
      {"{", "rules/x.json:1:2"},
      {"{\n  \"a\": ,\n}", "rules/x.json:2:8"},
      {"{\"a\": 1}\n}", "rules/x.json:2:1"},
      {"{\"a\": 1,}", "rules/x.json:1:9"},
      {"{'a': 1}", "rules/x.json:1:2"},
      {"{\"a\": \"x\ny\"}", "rules/x.json:"},
      {"// x", "rules/x.json:1:1"},
      {"{\"a\": \"\xFF\"}", "rules/x.json:1:"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    bool visited = false;
    const auto problems = problems_of(row.json, [&](const Node&) { visited = true; });
    CHECK_FALSE(visited);
    REQUIRE(problems.size() == 1);
    CAPTURE(problems[0]);
    CHECK(problems[0].starts_with(row.where));
    CHECK(problems[0].find("this is no JSON") != std::string::npos);
  }
}

TEST_CASE("a key may not stand twice in one object", "[rules][node]") {
  CHECK(problems_of("{\"a\": 1, \"b\": 2}", kNothing).empty());
  CHECK(problems_of("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 2}]}", kNothing).empty());
  for (const std::string_view json :
       {"{\"a\": 1, \"a\": 2}", "{\"x\": {\"a\": 1, \"b\": 2, \"a\": 3}}", "[{\"a\": 1, \"a\": 1}]"}) {
    CAPTURE(json);
    const auto problems = problems_of(json, kNothing);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].find("'a' stands twice") != std::string::npos);
  }
}

TEST_CASE("a value of another type is a problem at its place", "[rules][node]") {
  const std::string_view json = "{\n  \"text\": 1,\n  \"flag\": \"yes\",\n  \"number\": 1.5,\n  \"list\": {}\n}";
  const auto problems = problems_of(json, [](const Node& root) {
    CHECK(root.string("text").empty());
    root.member("flag", [](const Node& flag) { CHECK_FALSE(flag.boolean()); });
    root.member("number", [](const Node& number) { CHECK(number.integer() == 0); });
    root.member("list", [](const Node& list) { list.each([](const Node&) { FAIL("there is nothing to visit"); }); });
    root.each([](const Node&) { FAIL("there is nothing to visit"); });
  });
  CHECK(problems == Texts{"rules/x.json:2:11: a string is expected here",
                          "rules/x.json:3:11: true or false is expected here",
                          "rules/x.json:4:13: a whole number is expected here",
                          "rules/x.json:5:11: a list is expected here", "rules/x.json:1:1: a list is expected here"});
}

TEST_CASE("a number that no int holds is a problem", "[rules][node]") {
  const auto problems = problems_of("{\"n\": 99999999999}", [](const Node& root) {
    root.member("n", [](const Node& number) { CHECK(number.integer() == 0); });
  });
  CHECK(problems.size() == 1);
}

TEST_CASE("members of what is no object are a problem", "[rules][node]") {
  const auto problems = problems_of("[1]", [](const Node& root) {
    CHECK_FALSE(root.has("a"));
    CHECK(root.is_array());
    CHECK_FALSE(root.is_object());
    root.member("a", [](const Node&) { FAIL("there is no member"); });
    root.each_member([](const std::string&, const Node&) { FAIL("there is no member"); });
  });
  CHECK(problems ==
        Texts{"rules/x.json:1:1: an object is expected here", "rules/x.json:1:1: an object is expected here"});
}

TEST_CASE("what is required and missing is a problem, what is optional has a fallback", "[rules][node]") {
  const auto problems = problems_of("{\"a\": {}}", [](const Node& root) {
    CHECK(root.string("b", "fallback") == "fallback");
    CHECK(root.strings("b").empty());
    CHECK(root.text("b").empty());
    root.member("a", [](const Node& a) { CHECK(a.required_string("c").empty()); });
  });
  CHECK(problems == Texts{"rules/x.json:1:7: the member 'c' is missing"});
}

TEST_CASE("an unknown member is told with those that are known", "[rules][node]") {
  const auto problems = problems_of("{\"$schema\": \"x\", \"a\": 1,\n\"z\": 2}", [](const Node& root) {
    root.only({"a", "b"});
  });
  CHECK(problems == Texts{"rules/x.json:2:6: unknown member 'z' (known here: a, b)"});
}

TEST_CASE("one string is a list of one", "[rules][node]") {
  const auto problems =
      problems_of("{\"one\": \"a\", \"two\": [\"a\", \"b\"], \"bad\": [\"a\", 1]}", [](const Node& root) {
        CHECK(root.strings("one") == Texts{"a"});
        CHECK(root.strings("two") == Texts{"a", "b"});
        CHECK(root.strings("bad").size() == 2);
        root.member("two", [](const Node& two) { CHECK(two.templates().size() == 2); });
      });
  CHECK(problems.size() == 1);
}

TEST_CASE("a scalar is text whatever its type", "[rules][node]") {
  const auto problems = problems_of("[\"a\", 12, -3, true, false, null]", [](const Node& root) {
    Texts all;
    root.each([&](const Node& one) { all.push_back(one.scalar()); });
    CHECK(all == Texts{"a", "12", "-3", "yes", "no", ""});
  });
  CHECK(problems == Texts{"rules/x.json:1:28: a string is expected here"});
}
