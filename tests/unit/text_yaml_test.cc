#include "catch.h"
#include "text/yaml.h"

using ahdiag::yaml_scalar;

TEST_CASE("What nothing mistakes stands plain") {
  CHECK(yaml_scalar("httpd") == "httpd");
  CHECK(yaml_scalar("/etc/tmpfiles.d/00-httpd-run.conf") == "/etc/tmpfiles.d/00-httpd-run.conf");
  CHECK(yaml_scalar("php8.2-fpm") == "php8.2-fpm");
}

TEST_CASE("What looks like a number, a truth value or syntax is quoted") {
  for (const char* text :
       {"0644", "10",   "1.5", "yes", "No",      "ON", "off", "true", "null", "y",     "~",  "--", "-rn",
        "a: b", "a #b", "*",   "&a",  "!unsafe", "@",  "a,b", "[a]",  "{a}",  "12:30", ".5", "a b"}) {
    CHECK(yaml_scalar(text) == "\"" + std::string(text) + "\"");
  }
  CHECK(yaml_scalar("") == "\"\"");
}

TEST_CASE("Quotes, control bytes and characters beyond ASCII are escaped") {
  CHECK(yaml_scalar("a\"b\\c") == R"("a\"b\\c")");
  CHECK(yaml_scalar("d /run/x 0710\n") == R"("d /run/x 0710\n")");
  CHECK(yaml_scalar("\t\x01\x7f") == R"("\u0009\u0001\u007F")");
  CHECK(yaml_scalar("caf\xc3\xa9") == R"("caf\u00E9")");
  CHECK(yaml_scalar("\xe2\x80\xa8") == R"("\u2028")");  // a line break of YAML 1.1
  CHECK(yaml_scalar("\xf0\x9f\x98\x80") == R"("\U0001F600")");
}
