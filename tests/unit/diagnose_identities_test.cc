#include <string>

#include "catch.h"
#include "diagnose/host_name.h"
#include "diagnose/identities.h"

using namespace ahdiag;
using Kind = Identities::Kind;

namespace {

std::string redacted(const std::string& text) {
  Identities names({"apache", "httpd"});
  names.learn(text);
  return names.replaced(text);
}

}  // namespace

TEST_CASE("who is named gets another name", "[diagnose][redact]") {
  const auto [text, shown] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"[client 203.0.113.9:4711] x", "[client address-1] x"},
      {"[client 2001:db8::7:4711] x", "[client address-1] x"},
      {"[remote 10.0.0.1:80] and 10.0.0.1", "[remote address-1] and address-1"},
      {"to [2001:db8::7]:443 from 2001:db8::7", "to address-1 from address-1"},
      {"::ffff:10.0.0.1 is 10.0.0.1", "address-1 is address-1"},
      {"listens on 127.0.0.1:80, [::]:80, 0.0.0.0:443 and ::1",
       "listens on 127.0.0.1:80, [::]:80, 0.0.0.0:443 and ::1"},
      {"at 07:02:11 by Apache/2.4.62 and 1.2.3", "at 07:02:11 by Apache/2.4.62 and 1.2.3"},
      {"10.0.0.1, 10.0.0.2, 10.0.0.1", "address-1, address-2, address-1"},
      {"user alice not found: /a/alice", "user user-1 not found: /a/user-1"},
      {"user 'alice' does not meet; Alice", "user 'user-1' does not meet; user-1"},
      {"user apache not found", "user apache not found"},
      {"/home/bob/x /~bob/ uid=bob", "/home/user-1/x /~user-1/ uid=user-1"},
      {"bobsled and bob.txt of /home/bob", "bobsled and user-1.txt of /home/user-1"},
      {"Access denied for user 'shop'@'localhost' (using password: YES)",
       "Access denied for user 'user-1'@'localhost' (using password: YES)"},
      {"mail Ann@Example.com and ann@example.com.", "mail mail-1 and mail-1."},
      {"php-fpm@7.4.service", "php-fpm@7.4.service"},
      {"GET /x?a=b&c=d HTTP/1.1", "GET /x?query-1 HTTP/1.1"},
      {"what? nothing", "what? nothing"},
      {"https://me:pw@www.example.com:8443/x?y#z", "https://secret-1@host-1:8443/x?query-1"},
      {"balancer://cluster/ unix:/run/x.sock|fcgi://localhost/",
       "balancer://cluster/ unix:/run/x.sock|fcgi://localhost/"},
      {"www.example.com:443, WWW.example.com", "host-1:443, host-1"},
      {"/etc/httpd/conf.d/ssl.conf mod_ssl.c httpd.pid.HJPrab index.html.en",
       "/etc/httpd/conf.d/ssl.conf mod_ssl.c httpd.pid.HJPrab index.html.en"},
      {"org.apache.catalina.X java.lang.Y", "org.apache.catalina.X java.lang.Y"},
      {"password=hunter2 token=abc key=k sid=9", "password=secret-1 token=secret-2 key=secret-3 sid=secret-4"},
      {"Authorization: Bearer abc.def1", "Authorization: secret-1"},
      {"id 0123456789abcdef0123456789abcdef", "id secret-1"},
      {"3f2504e0-4f89-11d3-9a0c-0305e82c3301", "secret-1"},
      {"aB3dE6gH9jK2mN5pQ8sT1vW4 a_long_name_without_any_secret_in_it",
       "secret-1 a_long_name_without_any_secret_in_it"},
      {"code=exited, status=1/FAILURE", "code=exited, status=1/FAILURE"},
  }));
  CAPTURE(text);
  CHECK(redacted(text) == shown);
}

TEST_CASE("a name learned from one text is found in others", "[diagnose][redact]") {
  Identities names({});
  names.learn("user alice not found: /x");
  names.learn(Kind::host, "web01:8080");
  CHECK(names.replaced("ALICE came to web01, malice did not") == "user-1 came to host-1, malice did not");
  CHECK(names.replaced(Kind::host, "web01:8080") == "host-1:8080");
  CHECK(names.replaced(Kind::user, "alice") == "user-1");
  CHECK(names.replaced(Kind::user, "33") == "33");
}

TEST_CASE("what nobody has learned loses its name all the same", "[diagnose][redact]") {
  const Identities names({});
  CHECK(names.replaced("10.1.1.1") == "address");
}

TEST_CASE("parts are given by their bytes", "[diagnose][redact]") {
  Identities names({});
  names.learn("é 10.0.0.1 x");
  const auto parts = names.parts("é 10.0.0.1 x");
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].start == 3);
  CHECK(parts[0].end == 11);
}

TEST_CASE("hosts, and files that look like them", "[diagnose][redact]") {
  for (const auto* one : {"www.example.com", "a.de", "www.example.pl", "db.internal", "EXAMPLE.ORG"}) {
    CAPTURE(one);
    CHECK(is_host_name(one));
  }
  for (const auto* one : {"env.pl", "mod_ssl.so", "httpd.conf", "x", "", "a..com", "1.2.3", "php.ini", "Foo.Bar",
                          "com.example.de", "-a.com"}) {
    CAPTURE(one);
    CHECK_FALSE(is_host_name(one));
  }
}
