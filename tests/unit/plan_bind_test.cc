#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "catch.h"
#include "plan/bind.h"
#include "support.h"

using namespace ahdiag;
using test::argv;
using test::text;
using Words = std::vector<std::string>;

// No command and no file but from bind().
static_assert(!std::is_default_constructible_v<Command>);
static_assert(!std::is_constructible_v<Command, std::vector<std::string>>);
static_assert(!std::is_constructible_v<Command, std::string>);
static_assert(!std::is_assignable_v<Command&, std::vector<std::string>>);
static_assert(!std::is_default_constructible_v<FileWrite>);
static_assert(!std::is_constructible_v<FileWrite, std::string, std::string>);
static_assert(std::is_same_v<decltype(std::declval<Command&>().argv()), std::span<const std::string>>);
static_assert(!std::is_constructible_v<Argv, std::vector<std::string>>);
static_assert(!std::is_convertible_v<std::vector<std::string>, Argv>);

namespace {

struct Bench {
  Setting setting;
  std::set<std::string, std::less<>> seen;
  Scope scope{setting, seen};

  Bench() {
    scope.put("dir", test::slot("path", "/run/httpd"));
    scope.put("words", test::slot("path", "/srv/a b; rm -rf $HOME"));
    scope.put("hole", test::slot("path", "/srv/{dir}"));
    scope.put("said", test::slot("text", "anything"));
    scope.refuse("climbs", {"/run/../etc", "it has a component '.' or '..'"});
    scope.set("service", test::fact("unit", "httpd"));
    scope.set("mode", test::fact("mode", "0710"));
    scope.set("restart", Fact::command(argv({"systemctl", "restart", "{service}"})));
    scope.set("nested", Fact::command(argv({"sudo", "{restart}"})));
    scope.set("broken", Fact::command(argv({"systemctl", "{unknown}"})));
    scope.set("odd", Fact::command(argv({"stat", "{words}"})));
  }
};

Words bound(const Words& words, const Scope& scope) {
  const auto result = ahdiag::bind(argv(words), scope);
  if (const auto* unbound = std::get_if<Unbound>(&result)) return {"unbound", unbound->name};
  const auto span = std::get<Command>(result).argv();
  return {span.begin(), span.end()};
}

WriteTemplate file(FileFormat format, const Words& lines, const std::string& path = "/etc/tmpfiles.d/00-x.conf") {
  WriteTemplate write;
  write.path = text(path);
  write.mode = text("0644");
  write.owner = text("root");
  write.group = text("wheel");
  write.format = format;
  for (const auto& line : lines) write.lines.push_back(text(line));
  return write;
}

std::string content(const WriteTemplate& write, const Scope& scope) {
  const auto result = ahdiag::bind(write, scope);
  if (const auto* unbound = std::get_if<Unbound>(&result)) return "unbound " + unbound->name;
  return std::get<FileWrite>(result).content();
}

}  // namespace

TEST_CASE("words are filled with slots and facts", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"install", "-d", "-m", "{mode}", "--", "{dir}"}, bench.scope) ==
        Words{"install", "-d", "-m", "0710", "--", "/run/httpd"});
  CHECK(bound({"--unit={service}.service", "{dir}/x"}, bench.scope) == Words{"--unit=httpd.service", "/run/httpd/x"});
  CHECK(bound({"echo", "${dir}", "{}", "{Dir}"}, bench.scope) == Words{"echo", "${dir}", "{}", "{Dir}"});
  CHECK(bound({"true", ""}, bench.scope) == Words{"true", ""});
}

TEST_CASE("a value never becomes two words", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"ls", "--", "{words}"}, bench.scope) == Words{"ls", "--", "/srv/a b; rm -rf $HOME"});
  CHECK(bound({"x={words}"}, bench.scope) == Words{"x=/srv/a b; rm -rf $HOME"});
}

TEST_CASE("a value's own braces are no holes", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"ls", "{hole}"}, bench.scope) == Words{"ls", "/srv/{dir}"});
}

TEST_CASE("a command fact spreads into its words where it stands alone", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"{restart}"}, bench.scope) == Words{"systemctl", "restart", "httpd"});
  CHECK(bound({"sudo", "{restart}", "-q"}, bench.scope) == Words{"sudo", "systemctl", "restart", "httpd", "-q"});
  CHECK(bound({"{odd}"}, bench.scope) == Words{"stat", "/srv/a b; rm -rf $HOME"});
}

TEST_CASE("a command fact is no part of a word, and holds no further command", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"echo", "x{restart}"}, bench.scope) == Words{"unbound", "restart"});
  CHECK(bound({"{nested}"}, bench.scope) == Words{"unbound", "restart"});
}

TEST_CASE("what nothing tells cannot be bound", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"ls", "{nowhere}"}, bench.scope) == Words{"unbound", "nowhere"});
  CHECK(bound({"{broken}"}, bench.scope) == Words{"unbound", "unknown"});
  const auto result = ahdiag::bind(argv({"ls", "{nowhere}"}), bench.scope);
  const auto* unbound = std::get_if<Unbound>(&result);
  REQUIRE(unbound != nullptr);
  CHECK(unbound->logged.empty());
  CHECK(unbound->why.find("--fact nowhere=") != std::string::npos);
}

TEST_CASE("a refused text and free text are in no command", "[plan][bind]") {
  const Bench bench;
  CHECK(bound({"ls", "{climbs}"}, bench.scope) == Words{"unbound", "climbs"});
  CHECK(bound({"ls", "/x{climbs}"}, bench.scope) == Words{"unbound", "climbs"});
  CHECK(bound({"echo", "{said}"}, bench.scope) == Words{"unbound", "said"});
  const auto result = ahdiag::bind(argv({"ls", "{climbs}"}), bench.scope);
  const auto* unbound = std::get_if<Unbound>(&result);
  REQUIRE(unbound != nullptr);
  CHECK(unbound->logged == "/run/../etc");
  CHECK(unbound->why == "it has a component '.' or '..'");
}

TEST_CASE("a refused slot is not replaced by a fact of its name", "[plan][bind]") {
  Bench bench;
  bench.scope.set("climbs", test::fact("path", "/etc"));
  CHECK(bound({"ls", "{climbs}"}, bench.scope) == Words{"unbound", "climbs"});
  bench.scope.refuse("restart", {"x", "y"});
  CHECK(bound({"{restart}"}, bench.scope) == Words{"unbound", "restart"});
}

TEST_CASE("a slot goes before a fact of its name", "[plan][bind]") {
  Bench bench;
  bench.scope.put("service", test::slot("name", "mine"));
  bench.scope.put("restart", test::slot("name", "word"));
  CHECK(bound({"x", "{service}"}, bench.scope) == Words{"x", "mine"});
  CHECK(bound({"{restart}"}, bench.scope) == Words{"word"});
}

TEST_CASE("a scope's own facts go before the setting's", "[plan][bind]") {
  Setting setting;
  setting.facts.emplace("service", test::fact("unit", "apache2"));
  const std::set<std::string, std::less<>> seen;
  Scope scope(setting, seen);
  CHECK(bound({"x", "{service}"}, scope) == Words{"x", "apache2"});
  scope.set("service", test::fact("unit", "other"));
  CHECK(bound({"x", "{service}"}, scope) == Words{"x", "other"});
}

TEST_CASE("a file has its path, mode, owner and lines", "[plan][bind]") {
  const Bench bench;
  const auto result = ahdiag::bind(file(FileFormat::tmpfiles, {"d {dir} {mode} root root -", ""}), bench.scope);
  const auto* write = std::get_if<FileWrite>(&result);
  REQUIRE(write != nullptr);
  CHECK(write->path() == "/etc/tmpfiles.d/00-x.conf");
  CHECK(write->content() == "d /run/httpd 0710 root root -\n\n");
  CHECK(write->mode() == "0644");
  CHECK(write->owner() == "root");
  CHECK(write->group() == "wheel");
  const auto removal = write->removal();
  CHECK(Words(removal.argv().begin(), removal.argv().end()) == Words{"rm", "-f", "--", "/etc/tmpfiles.d/00-x.conf"});
}

TEST_CASE("a file's mode and owner may be facts, never what was refused", "[plan][bind]") {
  Bench bench;
  bench.scope.set("owner", test::fact("user", "apache"));
  WriteTemplate write = file(FileFormat::plain, {"x"});
  write.mode = text("{mode}");
  write.owner = text("{owner}");
  const auto result = ahdiag::bind(write, bench.scope);
  const auto* bound_file = std::get_if<FileWrite>(&result);
  REQUIRE(bound_file != nullptr);
  CHECK(bound_file->mode() == "0710");
  CHECK(bound_file->owner() == "apache");
  CHECK(bound_file->group() == "wheel");
  for (const std::string name : {"climbs", "said", "nowhere", "restart"}) {
    CAPTURE(name);
    write.group = text("{" + name + "}");
    CHECK(content(write, bench.scope) == "unbound " + name);
  }
}

TEST_CASE("a file's values are quoted for its format, its own text is not", "[plan][bind]") {
  const Bench bench;
  CHECK(content(file(FileFormat::plain, {"a \"b\" {words}"}), bench.scope) == "a \"b\" /srv/a b; rm -rf $HOME\n");
  CHECK(content(file(FileFormat::sh, {"cd {words} && x"}), bench.scope) == "cd '/srv/a b; rm -rf $HOME' && x\n");
  CHECK(content(file(FileFormat::unit, {"ExecStart=/bin/x {words}"}), bench.scope) ==
        "ExecStart=/bin/x \"/srv/a b; rm -rf $$HOME\"\n");
  CHECK(content(file(FileFormat::tmpfiles, {"d {words}"}), bench.scope) == "d \"/srv/a b; rm -rf $HOME\"\n");
  CHECK(content(file(FileFormat::httpd, {"DocumentRoot {words}"}), bench.scope) ==
        "DocumentRoot \"/srv/a b; rm -rf $HOME\"\n");
}

TEST_CASE("a file holds no refused, free or unknown text", "[plan][bind]") {
  const Bench bench;
  for (const std::string name : {"climbs", "said", "nowhere", "restart"}) {
    CAPTURE(name);
    CHECK(content(file(FileFormat::plain, {"x", "y {" + name + "}"}), bench.scope) == "unbound " + name);
    CHECK(content(file(FileFormat::plain, {"x"}, "/etc/{" + name + "}"), bench.scope) == "unbound " + name);
  }
}

TEST_CASE("a file's path is a path, whatever its parts are", "[plan][bind]") {
  Bench bench;
  bench.scope.put("name", test::slot("name", "x.conf"));
  CHECK(content(file(FileFormat::plain, {"x"}, "/etc/{name}"), bench.scope) == "x\n");
  CHECK(content(file(FileFormat::plain, {"x"}, "{dir}/{name}"), bench.scope) == "x\n");
  for (const std::string path : {"{name}", "/etc/{dir}", "/etc/../{name}", "{name}/x", "/etc//{name}"}) {
    CAPTURE(path);
    CHECK(content(file(FileFormat::plain, {"x"}, path), bench.scope) == "unbound path");
  }
}
