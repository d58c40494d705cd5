#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/path.h"

using namespace ahdiag;
using std::string_view;

TEST_CASE("a path has a directory and a name", "[text][path]") {
  struct Row {
    string_view path, directory, name;
  };
  const std::vector<Row> rows = {
      {"/run/httpd/x.pid", "/run/httpd", "x.pid"},
      {"/run/httpd/", "/run", "httpd"},
      {"/run//", "/", "run"},
      {"/run", "/", "run"},
      {"/", "/", ""},
      {"x.so", ".", "x.so"},
      {"modules/x.so", "modules", "x.so"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(directory_of(row.path) == row.directory);
    CHECK(name_of(row.path) == row.name);
  }
}

TEST_CASE("a command may carry these paths", "[text][path]") {
  const std::vector<string_view> paths = {
      "/",          "/run",     "/run/httpd/", "/srv/my site",   "/srv/caf\xC3\xA9",
      "/srv/...",   "/srv/..x", "/srv/x..",    "/srv/.htaccess", "/srv/it's \"quoted\" $HOME `id` ; *",
      "/srv/C:\\x",
  };
  for (const auto path : paths) {
    CAPTURE(path);
    CHECK_FALSE(refuse_path(path).has_value());
  }
  CHECK_FALSE(refuse_path("/" + std::string(4094, 'a')).has_value());
}

TEST_CASE("a command may not carry these paths", "[text][path]") {
  const std::vector<string_view> paths = {
      "",
      "run",
      "./run",
      "~/x",
      "-rf",
      "C:/Apache24",
      "/run/..",
      "/run/../etc",
      "/..",
      "/../",
      "/run/./x",
      "/.",
      "/run//x",
      "//run",
      "//",
      "/run//",
      "/run/a\nb",
      "/run/a\tb",
      "/run/a\rb",
      string_view("/run/a\0b", 8),
      "/run/\x1B[2J",
      "/run/\x7F",
      "/run/\xE9",
      "/run/\xC0\xAE\xC0\xAE/x",   // an overlong ".."
      "/run/\xE2\x80\xAEgpj.exe",  // a right-to-left override
      "/run/\xE2\x80\x8Bx",        // a zero width space
      "/run/\xC2\x9Bx",
  };
  for (const auto path : paths) {
    CAPTURE(path);
    const auto why = refuse_path(path);
    CHECK(why.has_value());
    CHECK_FALSE(why.value_or("").empty());
  }
  CHECK(refuse_path("/" + std::string(4095, 'a')).has_value());
  CHECK(refuse_path("/" + std::string(100000, 'a')).has_value());
}

TEST_CASE("a path lies below a directory by whole components", "[text][path]") {
  struct Row {
    string_view path, directory;
    bool below;
  };
  const std::vector<Row> rows = {
      {"/run/httpd", "/run", true},
      {"/run", "/run", true},
      {"/run/", "/run", true},
      {"/run/httpd", "/run/", true},
      {"/runner", "/run", false},
      {"/run-x/y", "/run", false},
      {"/", "/run", false},
      {"/ru", "/run", false},
      {"/anything", "/", true},
      {"/", "/", true},
      // One directory with two names.
      {"/var/run/httpd", "/run", true},
      {"/run/httpd", "/var/run", true},
      {"/var/run", "/run", true},
      {"/var/running", "/run", false},
      {"/var/lock/apache2", "/run/lock", true},
      {"/var/lock/apache2", "/run", true},
      {"/var/locker", "/run", false},
      {"/var/www", "/run", false},
      // A word that is no directory holds nothing.
      {"/etc/passwd", "", false},
      {"etc", "/", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path, row.directory);
    CHECK(lies_below(row.path, row.directory) == row.below);
  }
}

TEST_CASE("a boot empties these directories and no others", "[text][path]") {
  for (const string_view path :
       {"/run/httpd", "/var/run/apache2", "/var/lock/apache2", "/dev/shm/x", "/tmp/y", "/run"}) {
    CAPTURE(path);
    CHECK(is_volatile(path));
  }
  for (const string_view path : {"/var/tmp/x", "/var/log/httpd", "/tmpfiles", "/", "/dev/null", "/var", "/usr/run"}) {
    CAPTURE(path);
    CHECK_FALSE(is_volatile(path));
  }
}

TEST_CASE("a directory of the system itself is known by each of its names", "[text][path]") {
  for (const string_view path : {"/", "/etc", "/etc/", "/usr", "/var", "/run", "/var/run", "/tmp", "/bin", "/home"}) {
    CAPTURE(path);
    CHECK(is_system_directory(path));
  }
  for (const string_view path : {"/run/httpd", "/var/run/apache2", "/etc/httpd", "/srv/www", "/var/log/httpd", ""}) {
    CAPTURE(path);
    CHECK_FALSE(is_system_directory(path));
  }
}
