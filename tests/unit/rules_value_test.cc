#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "catch.h"
#include "rules/value.h"
#include "support.h"

using namespace ahdiag;
using std::string_view;

// Nothing becomes a slot or a fact but through accept().
static_assert(!std::is_default_constructible_v<Slot>);
static_assert(!std::is_constructible_v<Slot, std::string>);
static_assert(!std::is_constructible_v<Slot, SlotType, std::string>);
static_assert(!std::is_constructible_v<Slot, SlotType, string_view>);
static_assert(!std::is_assignable_v<Slot&, std::string>);
static_assert(!std::is_default_constructible_v<Fact>);
static_assert(!std::is_constructible_v<Fact, std::string>);
static_assert(!std::is_constructible_v<Fact, FactType, std::string, Argv>);
static_assert(!std::is_assignable_v<Fact&, std::string>);
static_assert(!std::is_invocable_v<decltype(&Fact::command), std::vector<std::string>>);
static_assert(std::is_const_v<std::remove_reference_t<decltype(std::declval<Slot&>().value())>>);
static_assert(std::is_const_v<std::remove_reference_t<decltype(std::declval<Fact&>().value())>>);

namespace {

// What the slot holds, or "-" where it refuses.
std::string accepted(string_view type, string_view logged, const std::vector<std::string>& under = {}) {
  const auto result = Slot::accept(test::slot_spec(type), logged, under);
  if (const auto* slot = std::get_if<Slot>(&result)) return slot->value();
  CHECK_FALSE(std::get<Refusal>(result).why.empty());
  return "-";
}

std::string fact_of(FactSpec spec, string_view value) {
  const auto result = Fact::accept(spec, value);
  if (const auto* fact = std::get_if<Fact>(&result)) return fact->value();
  CHECK_FALSE(std::get<Refusal>(result).why.empty());
  return "-";
}

struct Row {
  string_view type, logged, value;
};

void check(const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    CAPTURE(row.type, row.logged);
    CHECK(accepted(row.type, row.logged) == row.value);
  }
}

const std::string kLong(5000, 'a');

}  // namespace

TEST_CASE("a path slot takes absolute, clean paths and undoes httpd's escapes", "[rules][value]") {
  check({
      {"path", "/run/httpd/authdigest_shm.11716", "/run/httpd/authdigest_shm.11716"},
      {"path", "/", "/"},
      {"path", "/run/httpd/", "/run/httpd/"},
      {"path", "/srv/my site", "/srv/my site"},
      {"path", "/srv/caf\\xc3\\xa9", "/srv/caf\xC3\xA9"},
      {"path", "/srv/a\\\\b", "/srv/a\\b"},
      {"path", "/srv/it's $HOME `id`;*", "/srv/it's $HOME `id`;*"},
  });
}

TEST_CASE("a path slot refuses what climbs, hides or is none", "[rules][value]") {
  check({
      {"path", "", "-"},
      {"path", "run/httpd", "-"},
      {"path", "-rf /", "-"},
      {"path", "C:/Apache24", "-"},
      {"path", "/run/../etc/passwd", "-"},
      {"path", "/run/httpd/..", "-"},
      {"path", "/run/./httpd", "-"},
      {"path", "/run//httpd", "-"},
      {"path", "//run", "-"},
      {"path", "/run/x\ny", "-"},
      {"path", "/run/x\\ny", "-"},  // the newline that httpd escaped
      {"path", "/run/x\\ty", "-"},
      {"path", "/run/x\\x0ay", "-"},
      {"path", "/run/x\\x00y", "-"},
      {"path", string_view("/run/x\0y", 8), "-"},
      {"path", "/run/x\\x1b[2J", "-"},
      {"path", "/run/x\\x7f", "-"},
      {"path", "/run/\\x2e\\x2e/etc", "-"},  // ".." in escapes
      {"path", "/run\\x2f\\x2e\\x2e\\x2fetc", "-"},
      {"path", "/run/\\xe9", "-"},  // no UTF-8
      {"path", "/run/\\xc0\\xae\\xc0\\xae/x", "-"},
      {"path", "/run/\xE2\x80\xAEgpj", "-"},
      {"path", "/run/\\xe2\\x80\\xaegpj", "-"},
      {"path", "/run/\\xe2\\x80\\x8b", "-"},
      {"path", "/run/\\xef\\xbb\\xbf", "-"},
  });
  CHECK(accepted("path", "/" + kLong) == "-");
}

TEST_CASE("a path slot with directories takes only what lies below one of them", "[rules][value]") {
  const std::vector<std::string> run = {"/run"};
  CHECK(accepted("path", "/run/httpd/x", run) == "/run/httpd/x");
  CHECK(accepted("path", "/run", run) == "/run");
  CHECK(accepted("path", "/var/run/httpd/x", run) == "/var/run/httpd/x");
  CHECK(accepted("path", "/run/httpd", {"/var/run"}) == "/run/httpd");
  CHECK(accepted("path", "/runner/x", run) == "-");
  CHECK(accepted("path", "/etc/passwd", run) == "-");
  CHECK(accepted("path", "/", run) == "-");
  CHECK(accepted("path", "/run/../etc", run) == "-");
  CHECK(accepted("path", "/run\\x2f..\\x2fetc", run) == "-");
  CHECK(accepted("path", "/srv/x", {"/run", "/srv"}) == "/srv/x");
  CHECK(accepted("path", "/var/log/x", {"/run", "/srv"}) == "-");
  CHECK(accepted("path", "/etc/passwd", {""}) == "-");
}

TEST_CASE("a module slot takes a module's name however it is written", "[rules][value]") {
  check({
      {"module", "rewrite", "rewrite"},
      {"module", "mod_rewrite", "rewrite"},
      {"module", "rewrite_module", "rewrite"},
      {"module", "mod_rewrite.so", "rewrite"},
      {"module", "mod_rewrite.c", "rewrite"},
      {"module", "modules/mod_rewrite.so", "rewrite"},
      {"module", "/usr/lib64/httpd/modules/mod_proxy_fcgi.so", "proxy_fcgi"},
      {"module", "php7", "php7"},
      {"module", "", "-"},
      {"module", "mod_", "-"},
      {"module", "rewrite; rm -rf /", "-"},
      {"module", "re write", "-"},
      {"module", "-rewrite", "-"},
      {"module", ".rewrite", "-"},
      {"module", "rewrite$x", "-"},
      {"module", "re/../../etc/x y", "-"},
      {"module", "rewrite\\n", "-"},
      {"module", "r\xC3\xA9write", "-"},
      {"module", "..", "-"},
      // Letters, digits and '_', as the rule book says.
      {"module", "re-write", "-"},
      {"module", "re.write", "-"},
  });
  CHECK(accepted("module", kLong) == "-");
}

TEST_CASE("a directive slot takes a directive's or section's name", "[rules][value]") {
  check({
      {"directive", "RewriteEngine", "RewriteEngine"},
      {"directive", "<VirtualHost", "<VirtualHost"},
      {"directive", "<VirtualHost>", "<VirtualHost>"},
      {"directive", "</VirtualHost>", "</VirtualHost>"},
      {"directive", "My_Directive2", "My_Directive2"},
      {"directive", "", "-"},
      {"directive", "<>", "-"},
      {"directive", "<<If", "-"},
      {"directive", "Re write", "-"},
      {"directive", "Rewrite;", "-"},
      {"directive", "-Rewrite", "-"},
      {"directive", "Re\\nwrite", "-"},
      {"directive", "R\\xc3\\xa9", "-"},
      {"directive", "$(id)", "-"},
  });
  CHECK(accepted("directive", kLong) == "-");
}

TEST_CASE("an address slot takes a host and a port", "[rules][value]") {
  check({
      {"address", "127.0.0.1:80", "127.0.0.1:80"},
      {"address", "[::]:80", "[::]:80"},
      {"address", "[2001:db8::1]:443", "[2001:db8::1]:443"},
      {"address", "example.com:8080", "example.com:8080"},
      {"address", "0.0.0.0:65535", "0.0.0.0:65535"},
      {"address", "*:80", "*:80"},
      {"address", "127.0.0.1", "-"},
      {"address", ":80", "-"},
      {"address", "127.0.0.1:", "-"},
      {"address", "127.0.0.1:0", "-"},
      {"address", "127.0.0.1:65536", "-"},
      {"address", "127.0.0.1:080000", "-"},
      {"address", "127.0.0.1:8 0", "-"},
      {"address", "127.0.0.1:-80", "-"},
      {"address", "-x:80", "-"},
      {"address", "[::]", "-"},
      {"address", "[-x]:80", "-"},
      {"address", "[]:80", "-"},
      {"address", "a b:80", "-"},
      {"address", "a;b:80", "-"},
      {"address", "a\\nb:80", "-"},
      {"address", "", "-"},
  });
}

TEST_CASE("a port slot takes one to 65535", "[rules][value]") {
  check({
      {"port", "1", "1"},
      {"port", "80", "80"},
      {"port", "65535", "65535"},
      {"port", "0", "-"},
      {"port", "65536", "-"},
      {"port", "-1", "-"},
      {"port", "+80", "-"},
      {"port", "8 0", "-"},
      {"port", "", "-"},
      {"port", "http", "-"},
      {"port", "99999999999999999999", "-"},
  });
}

TEST_CASE("a host slot takes a name or an address", "[rules][value]") {
  check({
      {"host", "example.com", "example.com"},
      {"host", "web-1", "web-1"},
      {"host", "127.0.0.1", "127.0.0.1"},
      {"host", "2001:db8::1", "2001:db8::1"},
      {"host", "[2001:db8::1]", "[2001:db8::1]"},
      {"host", "_srv.example", "_srv.example"},
      {"host", "", "-"},
      {"host", "-oProxyCommand=x", "-"},
      {"host", "[-x]", "-"},
      {"host", "a b", "-"},
      {"host", "a/b", "-"},
      {"host", "$(id)", "-"},
      {"host", "a\\x00b", "-"},
  });
  CHECK(accepted("host", std::string(256, 'a')) == "-");
  CHECK(accepted("host", std::string(255, 'a')) == std::string(255, 'a'));
}

TEST_CASE("a number slot takes decimal digits", "[rules][value]") {
  check({
      {"number", "0", "0"},
      {"number", "11716", "11716"},
      {"number", "-1", "-"},
      {"number", "1.5", "-"},
      {"number", "0x10", "-"},
      {"number", " 1", "-"},
      {"number", "", "-"},
      {"number", "1\\n", "-"},
      {"number", "\xD9\xA1", "-"},  // a digit, but not ASCII's
      {"number", "1234567890123456789", "-"},
  });
}

TEST_CASE("a name slot takes one plain word", "[rules][value]") {
  check({
      {"name", "httpd", "httpd"},
      {"name", "libapache2-mod-php8.2", "libapache2-mod-php8.2"},
      {"name", "my_site.conf", "my_site.conf"},
      {"name", "", "-"},
      {"name", "-rf", "-"},
      {"name", "--", "-"},
      {"name", ".", "-"},
      {"name", "..", "-"},
      {"name", "a b", "-"},
      {"name", "a/b", "-"},
      {"name", "a;b", "-"},
      {"name", "a=b", "-"},
      {"name", "a\\nb", "-"},
      {"name", "caf\xC3\xA9", "-"},
      {"name", "$x", "-"},
      {"name", "*", "-"},
  });
  CHECK(accepted("name", kLong) == "-");
}

TEST_CASE("a user slot takes the name of an account", "[rules][value]") {
  check({
      {"user", "apache", "apache"},
      {"user", "www-data", "www-data"},
      {"user", "_www", "_www"},
      {"user", "user.name", "user.name"},
      {"user", "", "-"},
      {"user", "-x", "-"},
      {"user", "a b", "-"},
      {"user", "a:b", "-"},
      {"user", "#1000", "-"},
      {"user", "root\\n", "-"},
      {"user", "$USER", "-"},
  });
  CHECK(accepted("user", kLong) == "-");
}

TEST_CASE("a text slot takes anything, for people only", "[rules][value]") {
  CHECK(accepted("text", "") == "");
  CHECK(accepted("text", "any; $(words)") == "any; $(words)");
  CHECK(accepted("text", "a\\nb\\x1b[2J") == "a\\x0ab\\x1b[2J");
  CHECK_FALSE(test::slot("text", "x").may_be_bound());
  for (const string_view type : {"path", "module", "directive", "address", "port", "host", "number", "name", "user"}) {
    CAPTURE(type);
    const string_view value = type == "path" ? "/x" : type == "address" ? "x:1" : "1";
    CHECK(test::slot(type, value).may_be_bound());
  }
}

TEST_CASE("each type has a name, and nothing else has a type", "[rules][value]") {
  for (const string_view name :
       {"path", "module", "directive", "address", "port", "host", "number", "name", "user", "text"}) {
    CAPTURE(name);
    REQUIRE(slot_type(name).has_value());
    CHECK(type_name(*slot_type(name)) == name);
  }
  for (const string_view name : {"unit", "user", "path", "word", "mode", "choice", "command"}) {
    CAPTURE(name);
    REQUIRE(fact_type(name).has_value());
    CHECK(type_name(*fact_type(name)) == name);
  }
  CHECK_FALSE(slot_type("string").has_value());
  CHECK_FALSE(slot_type("").has_value());
  CHECK_FALSE(slot_type("command").has_value());
  CHECK_FALSE(fact_type("text").has_value());
  CHECK(derivation_kind("dirname") == Derivation::Kind::dirname);
  CHECK(derivation_kind("override_of") == Derivation::Kind::override_of);
  CHECK_FALSE(derivation_kind("type").has_value());
  CHECK_FALSE(derivation_kind("none").has_value());
}

TEST_CASE("a fact is accepted by its type", "[rules][value]") {
  struct FactRow {
    string_view type, given, value;
  };
  const std::vector<FactRow> rows = {
      {"unit", "httpd", "httpd"},
      {"unit", "apache2@site", "apache2@site"},
      {"unit", "httpd24-httpd", "httpd24-httpd"},
      {"unit", "", "-"},
      {"unit", "-x", "-"},
      {"unit", "a b", "-"},
      {"unit", "../../etc/x", "-"},
      {"unit", "httpd;id", "-"},
      {"user", "www-data", "www-data"},
      {"user", "-x", "-"},
      {"user", "a b", "-"},
      {"path", "/etc/httpd", "/etc/httpd"},
      {"path", "/opt/my apache", "/opt/my apache"},
      {"path", "etc", "-"},
      {"path", "/etc/../x", "-"},
      {"path", "/etc\n", "-"},
      {"path", "/etc/\xE2\x80\xAE", "-"},
      {"word", "modules", "modules"},
      {"word", "/usr/lib64/x", "/usr/lib64/x"},
      {"word", "a=b", "a=b"},
      {"word", "-x", "-"},
      {"word", "a b", "-"},
      {"word", "a\nb", "-"},
      {"word", "$x", "-"},
      {"word", "", "-"},
      {"mode", "0710", "0710"},
      {"mode", "755", "755"},
      {"mode", "0789", "-"},
      {"mode", "7", "-"},
      {"mode", "01777", "-"},
      {"mode", "u+x", "-"},
      {"command", "systemctl restart httpd", "-"},
      {"command", "x", "-"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.type, row.given);
    CHECK(fact_of(test::fact_spec(row.type), row.given) == row.value);
  }
  FactSpec choice = test::fact_spec("choice");
  choice.choices = {"tmpfiles", "unit"};
  CHECK(fact_of(choice, "unit") == "unit");
  CHECK(fact_of(choice, "units") == "-");
  CHECK(fact_of(choice, "") == "-");
  // A fact comes from people and platforms, not from a log: nothing is unescaped.
  CHECK(fact_of(test::fact_spec("path"), "/srv/a\\x41") == "/srv/a\\x41");
}

TEST_CASE("a command fact holds words of a rule file", "[rules][value]") {
  const Fact command = Fact::command(test::argv({"systemctl", "restart", "{service}"}));
  CHECK(command.type() == FactType::command);
  CHECK(command.value().empty());
  REQUIRE(command.words().size() == 3);
  CHECK(command.words()[2].source() == "{service}");
}
