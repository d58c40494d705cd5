#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "diagnose/echo.h"

using namespace ahdiag;

namespace {

Stamp at(std::int64_t seconds) { return {seconds * 1'000'000, 6, std::nullopt}; }

Incident incident(std::string text) {
  Incident one;
  one.evidence.push_back({{}, {}, {}, std::move(text), {}});
  return one;
}

}  // namespace

TEST_CASE("two logs tell one failure", "[diagnose][echo]") {
  Tellings tellings;
  CHECK_FALSE(tellings.repeats(0, at(100)));
  CHECK(tellings.repeats(1, at(102)));
  CHECK_FALSE(tellings.repeats(1, at(103)));  // the next attempt, told by the journal first
  CHECK(tellings.repeats(0, at(104)));
}

TEST_CASE("one log tells each failure once", "[diagnose][echo]") {
  Tellings tellings;
  CHECK_FALSE(tellings.repeats(0, at(100)));
  CHECK_FALSE(tellings.repeats(0, at(100)));
  CHECK_FALSE(tellings.repeats(0, {}));
}

TEST_CASE("another time is another failure", "[diagnose][echo]") {
  Tellings tellings;
  CHECK_FALSE(tellings.repeats(0, at(100)));
  CHECK_FALSE(tellings.repeats(1, at(200)));
  CHECK(tellings.repeats(1, at(100)));
}

TEST_CASE("a telling without a time may be any", "[diagnose][echo]") {
  Tellings tellings;
  CHECK_FALSE(tellings.repeats(0, at(100)));
  CHECK(tellings.repeats(1, {}));
}

TEST_CASE("times are apart as far as they can be compared", "[diagnose][echo]") {
  Stamp utc = at(3600), cet = at(7200), local = at(3600);
  utc.offset = 0;
  cet.offset = 60;
  CHECK(apart(utc, cet) == 0);
  CHECK(apart(at(1), at(3)) == 2'000'000);
  CHECK_FALSE(apart(utc, local));
  CHECK_FALSE(apart({}, local));
}

TEST_CASE("a cut entry is dropped where it stands whole", "[diagnose][echo]") {
  const std::string whole =
      "httpd: Syntax error on line 5 of /a: Cannot load modules/mod_x.so into server: y: undefined symbol: s_z";
  CHECK(completes(whole, "Syntax error on line 5 of /a: Cannot load modules/mod_x.so into se...symbol: s_z"));
  CHECK(completes(whole, "Syntax error on line 5 of /a: Cannot load..."));
  CHECK_FALSE(completes(whole, "Syntax error on line 6 of /a: Cannot load..."));
  CHECK_FALSE(completes(whole, "Syntax error on line 5 of /a: Cannot load modules/mod_x.so into se...symbol: other"));
  CHECK_FALSE(completes(whole, "Syn..."));
  CHECK_FALSE(completes(whole, whole));
  std::vector<Incident> all;
  all.push_back(incident("Syntax error on line 5 of /a: Cannot load..."));
  all.push_back(incident(whole));
  all.push_back(incident("Starting The Apache HTTP Server..."));
  drop_cut(all);
  REQUIRE(all.size() == 2);
  CHECK(all[0].evidence[0].text == whole);
}
