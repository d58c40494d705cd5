#include <string>
#include <string_view>

#include "catch.h"
#include "rules/embedded.h"
#include "rules/tables.h"

using namespace ahdiag;

TEST_CASE("a directive is found as httpd looks it up", "[rules][tables]") {
  for (const std::string_view name : {"RewriteEngine", "rewriteengine", "REWRITEENGINE"}) {
    CAPTURE(name);
    const auto* directive = find_directive(name);
    REQUIRE(directive != nullptr);
    CHECK(directive->name == "RewriteEngine");
    CHECK(directive->module == "rewrite");
    CHECK(directive->contexts == "server,vhost,directory,htaccess");
    CHECK(directive->override_ == "FileInfo");
  }
  CHECK(find_directive("RewriteEngin") == nullptr);
  CHECK(find_directive("RewriteEngineX") == nullptr);
  CHECK(find_directive("") == nullptr);
}

TEST_CASE("a section is found with and without its marks", "[rules][tables]") {
  for (const std::string_view name :
       {"VirtualHost", "<VirtualHost", "<VirtualHost>", "</VirtualHost>", "<virtualhost"}) {
    CAPTURE(name);
    const auto* directive = find_directive(name);
    REQUIRE(directive != nullptr);
    CHECK(directive->module == "core");
  }
}

TEST_CASE("a directive that is gone names what to write instead", "[rules][tables]") {
  const auto* gone = find_directive("RewriteLog");
  REQUIRE(gone != nullptr);
  CHECK(gone->module == "-");
  CHECK_FALSE(gone->replacement.empty());
  REQUIRE(find_directive("Listen") != nullptr);
  CHECK(find_directive("Listen")->replacement.empty());
}

TEST_CASE("a misspelt directive has a suggestion at a distance of at most two", "[rules][tables]") {
  CHECK(suggest_directive("RewriteEngin") == "RewriteEngine");
  CHECK(suggest_directive("RewirteEngine") == "RewriteEngine");
  CHECK(suggest_directive("DocumentRot") == "DocumentRoot");
  CHECK(suggest_directive("<VirtualHots") == "VirtualHost");
  CHECK(suggest_directive("documentrooot") == "DocumentRoot");
  CHECK_FALSE(suggest_directive("CompletelyUnknown").has_value());
  CHECK_FALSE(suggest_directive("abc").has_value());
  CHECK_FALSE(suggest_directive("").has_value());
  // Nobody is sent to a directive that httpd no longer has.
  CHECK(suggest_directive("RewriteLogg") != "RewriteLog");
}

TEST_CASE("an id of httpd's is known with its module and level", "[rules][tables]") {
  const auto code = find_code("AH00001");
  REQUIRE(code.has_value());
  CHECK(code->module == "core");
  CHECK(code->level == "crit");
  REQUIRE(find_code("AH010033").has_value());
  CHECK(find_code("AH010033")->module == "watchdog");
  CHECK_FALSE(find_code("AH99999").has_value());
  CHECK_FALSE(find_code("AH0000").has_value());
  CHECK_FALSE(find_code("").has_value());
  CHECK_FALSE(find_code("#").has_value());
}

TEST_CASE("the tables are compiled in", "[rules][tables]") {
  CHECK_FALSE(embedded_file("directives.tsv").empty());
  CHECK_FALSE(embedded_file("catalog.tsv").empty());
  CHECK_FALSE(embedded_file("platforms.json").empty());
  CHECK(embedded_file("nothing").empty());
  std::string_view before;
  for (const auto& file : embedded_files()) {
    CHECK(before < file.name);
    before = file.name;
  }
}
