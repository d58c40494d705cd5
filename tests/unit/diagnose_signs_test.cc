#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "diagnose/signs.h"
#include "support.h"

using namespace ahdiag;
using Texts = std::vector<std::string>;

namespace {

const std::string kPlatforms = R"json({
  "facts": {
    "service": {"type": "unit", "help": "h"},
    "run_dir": {"type": "path", "help": "h"},
    "persist": {"type": "choice", "help": "h", "choices": ["tmpfiles", "unit"]},
    "restart": {"type": "command", "help": "h"}
  },
  "platforms": [
    {"id": "red", "name": "r", "signs": [{"text": "(Red", "weight": 10}, {"text": "/etc/httpd", "weight": 3}],
     "facts": {"service": "httpd", "run_dir": "/run/httpd", "persist": "tmpfiles"}},
    {"id": "deb", "name": "d", "signs": [{"text": "(Deb", "weight": 10}, {"text": "/etc/apache2", "weight": 3}],
     "facts": {"service": "apache2"}},
    {"id": "free", "name": "f", "abi": "bsd", "signs": [{"text": "/etc/apache24", "weight": 3}, {"text": "(Free", "weight": 10}],
     "facts": {"service": "apache24"}},
    {"id": "generic", "name": "g", "signs": [], "facts": {}}
  ]
})json";

Platforms platforms() {
  Problems problems;
  auto read = read_platforms({"rules/platforms.json", kPlatforms}, problems);
  CAPTURE(test::lines_of(problems));
  REQUIRE(read.has_value());
  return *std::move(read);
}

std::string unit_of(const Texts& texts) {
  const Platforms all = platforms();
  Signs signs(all);
  for (const auto& text : texts) signs.observe_unit(text);
  return signs.unit();
}

}  // namespace

TEST_CASE("the heaviest signs of a log name its platform", "[diagnose][signs]") {
  const Platforms all = platforms();
  Signs signs(all);
  CHECK(signs.platform().id.empty());
  signs.observe("a path below /etc/apache2/x");
  CHECK(signs.platform().id == "deb");
  CHECK(signs.platform().evidence == Texts{"/etc/apache2"});
  signs.observe("Apache/2.4.6 (Red Hat) configured");
  CHECK(signs.platform().id == "red");
  CHECK(signs.platform().evidence == Texts{"(Red"});
}

TEST_CASE("a sign counts once however often it is seen", "[diagnose][signs]") {
  const Platforms all = platforms();
  Signs signs(all);
  for (int i = 0; i < 10; ++i) signs.observe("/etc/httpd");
  signs.observe("(Deb");
  CHECK(signs.platform().id == "deb");
}

TEST_CASE("of equal signs the platform that stands first is taken", "[diagnose][signs]") {
  const Platforms all = platforms();
  Signs signs(all);
  signs.observe("/etc/apache2 /etc/httpd");
  CHECK(signs.platform().id == "red");
}

TEST_CASE("the service is named as its manager names it", "[diagnose][signs]") {
  CHECK(unit_of({"httpd.service: Main process exited"}) == "httpd");
  CHECK(unit_of({"   Loaded: loaded (/usr/lib/systemd/system/apache2.service; enabled)"}) == "apache2");
  CHECK(unit_of({"httpd24-httpd.service - The Apache HTTP Server"}) == "httpd24-httpd");
  CHECK(unit_of({"apache2@site.service: x"}) == "apache2@site");
  CHECK(unit_of({"Failed to start httpd.service"}) == "httpd");
  CHECK(unit_of({"mariadb.service: x"}).empty());
  CHECK(unit_of({"mariadb.service: x", "httpd.service: y"}) == "httpd");
  CHECK(unit_of({"httpd.service: x", "apache2.service: y"}) == "httpd");
  CHECK(unit_of({".service"}).empty());
  CHECK(unit_of({"no unit here"}).empty());
}

TEST_CASE("a setting comes from the log, or from an option, or is the default", "[diagnose][signs]") {
  const Platforms all = platforms();
  Problems problems;
  const Signs none(all);
  const auto by_default = choose_setting(all, none, {}, problems);
  CHECK(by_default.platform == "generic");
  CHECK(by_default.source == "default");
  CHECK(by_default.facts.empty());

  Signs shown(all);
  shown.observe("(Free");
  const auto by_log = choose_setting(all, shown, {}, problems);
  CHECK(by_log.platform == "free");
  CHECK(by_log.source == "log");
  CHECK(by_log.evidence == Texts{"(Free"});
  CHECK(by_log.abi == Abi::bsd);
  CHECK(by_log.facts.at("service").value() == "apache24");

  const auto by_option = choose_setting(all, shown, {"deb", {}, ""}, problems);
  CHECK(by_option.platform == "deb");
  CHECK(by_option.source == "option");
  CHECK(by_option.evidence.empty());
  CHECK(by_option.abi == Abi::linux_);
  CHECK(problems.empty());
}

TEST_CASE("an option's fact goes before the log's, and that before the platform's", "[diagnose][signs]") {
  const Platforms all = platforms();
  Problems problems;
  Signs signs(all);
  signs.observe("(Red");
  signs.observe_unit("httpd24-httpd.service: x");
  CHECK(choose_setting(all, signs, {}, problems).facts.at("service").value() == "httpd24-httpd");
  const auto told = choose_setting(all, signs, {"", {{"service", "mine"}, {"run_dir", "/srv/run"}}, "unit"}, problems);
  CHECK(told.facts.at("service").value() == "mine");
  CHECK(told.facts.at("run_dir").value() == "/srv/run");
  CHECK(told.facts.at("persist").value() == "unit");
  CHECK(problems.empty());
}

TEST_CASE("an option that does not fit is a problem and changes nothing", "[diagnose][signs]") {
  const Platforms all = platforms();
  const Signs signs(all);
  struct Row {
    SettingOptions options;
    std::string what;
  };
  for (const auto& row : std::vector<Row>{
           {{"solaris", {}, ""}, "there is no platform 'solaris'"},
           {{"red", {{"servise", "x"}}, ""}, "did you mean 'service'?"},
           {{"red", {{"moon", "x"}}, ""}, "there is no fact 'moon'"},
           {{"red", {{"run_dir", "../x"}}, ""}, "the fact 'run_dir' cannot be '../x'"},
           {{"red", {{"run_dir", "/run\n/x"}}, ""}, "the fact 'run_dir' cannot be"},
           {{"red", {{"restart", "reboot"}}, ""}, "the fact 'restart' cannot be 'reboot'"},
           {{"red", {}, "moon"}, "the fact 'persist' cannot be 'moon'"},
       }) {
    CAPTURE(row.what);
    Problems problems;
    const auto setting = choose_setting(all, signs, row.options, problems);
    REQUIRE(problems.size() == 1);
    CHECK(to_line(problems[0]).find(row.what) != std::string::npos);
    if (row.options.platform == "red") {
      CHECK(setting.facts.at("run_dir").value() == "/run/httpd");
      CHECK(setting.facts.at("persist").value() == "tmpfiles");
      CHECK(setting.facts.count("restart") == 0);
    }
  }
}
