#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/address.h"

using namespace ahdiag;
using std::string_view;

TEST_CASE("an address is split at its last colon, if a port stands there", "[entry][address]") {
  struct Row {
    string_view text, host;
    int port;
  };
  for (const auto& row : std::vector<Row>{{"203.0.113.9:4711", "203.0.113.9", 4711},
                                          {"203.0.113.9", "203.0.113.9", -1},
                                          {"203.0.113.9:0", "203.0.113.9", 0},
                                          {"2001:db8::1:51234", "2001:db8::1", 51234},
                                          {"::1:58619", "::1", 58619},
                                          {"::1", "::1", -1},
                                          {"2001:db8::8b2c", "2001:db8::8b2c", -1},
                                          {"fe80::1%eth0:443", "fe80::1%eth0", 443},
                                          {"::ffff:10.0.0.7:443", "::ffff:10.0.0.7", 443},
                                          {"[2001:db8::1]:80", "2001:db8::1", 80},
                                          {"xx.xx.xx.xx:80", "xx.xx.xx.xx", 80},
                                          {"a:70000", "a:70000", -1},
                                          {":80", ":80", -1},
                                          {"a:", "a:", -1},
                                          {"", "", -1}}) {
    CAPTURE(row.text);
    const Address address = split_address(row.text);
    CHECK(address.host == row.host);
    CHECK(address.port.value_or(-1) == row.port);
  }
}

TEST_CASE("what is an address of the internet and what is not", "[entry][address]") {
  for (const string_view text : {"0.0.0.0", "203.0.113.9", "::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8",
                                 "fe80::1%eth0", "::ffff:10.0.0.7", "2001:DB8::A"}) {
    CAPTURE(text);
    CHECK(is_ip(text));
  }
  for (const string_view text : {"", "256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.4:80", "xx.xx.xx.xx", "1:2:3",
                                 ":::", "1::2::3", "12345::", "g::1", "1:2:3:4:5:6:7:8:9", "localhost", "0001.2.3.4"}) {
    CAPTURE(text);
    CHECK_FALSE(is_ip(text));
  }
}
