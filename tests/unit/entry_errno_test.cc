#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/errno.h"

using namespace ahdiag;
using std::string_view;

namespace {

using Kind = Status::Kind;

struct Row {
  string_view logged;
  Kind kind;
  std::int64_t number;
  string_view text;
};

}  // namespace

TEST_CASE("a status has a kind, a number and a text", "[entry][errno]") {
  const std::vector<Row> rows = {
      {"(2)No such file or directory", Kind::os, 2, "No such file or directory"},
      {"(13)Permission denied", Kind::os, 13, "Permission denied"},
      {"(24)Too many open files", Kind::os, 24, "Too many open files"},
      {"(23)Too many open files in system", Kind::os, 23, "Too many open files in system"},
      {"(104)Connection reset by peer", Kind::os, 104, "Connection reset by peer"},
      {"(404)Unknown error 404", Kind::os, 404, "Unknown error 404"},
      {"(-1)Unknown error -1", Kind::os, -1, "Unknown error -1"},
      {"(5)Input/output error", Kind::os, 5, "Input/output error"},
      // Texts that hold a colon, and texts in other languages.
      {"(109)Too many references: cannot splice", Kind::os, 109, "Too many references: cannot splice"},
      {"(13)Keine Berechtigung", Kind::os, 13, "Keine Berechtigung"},
      {"(2)Datei oder Verzeichnis nicht gefunden", Kind::os, 2, "Datei oder Verzeichnis nicht gefunden"},
      {"(2)Aucun fichier ou dossier de ce type", Kind::os, 2, "Aucun fichier ou dossier de ce type"},
      {"(2)\xD0\x9D\xD0\xB5\xD1\x82 \xD1\x82\xD0\xB0\xD0\xBA\xD0\xBE\xD0\xB3\xD0\xBE", Kind::os, 2,
       "\xD0\x9D\xD0\xB5\xD1\x82 \xD1\x82\xD0\xB0\xD0\xBA\xD0\xBE\xD0\xB3\xD0\xBE"},
      {"(5)Acc\xE8s refus\xE9", Kind::os, 5, "Acc\xE8s refus\xE9"},
      {"(22)Argument: faux", Kind::os, 22, "Argument: faux"},
      // APR's.
      {"(20014)Internal error (specific information not available)", Kind::apr, 20014,
       "Internal error (specific information not available)"},
      {"(20019)/usr/lib/mod_x.so: cannot open shared object file: No such file or directory", Kind::apr, 20019,
       "/usr/lib/mod_x.so: cannot open shared object file: No such file or directory"},
      {"(70007)The timeout specified has expired", Kind::apr, 70007, "The timeout specified has expired"},
      {"(70014)End of file found", Kind::apr, 70014, "End of file found"},
      {"(100005)Error string not specified yet", Kind::apr, 100005, "Error string not specified yet"},
      {"(120006)APR does not understand this error code", Kind::apr, 120006, "APR does not understand this error code"},
      // Name resolution.
      {"(EAI 2)Name or service not known", Kind::eai, 2, "Name or service not known"},
      {"(EAI 3)Temporary failure in name resolution", Kind::eai, 3, "Temporary failure in name resolution"},
      // Windows: CR LF at the end of the text became blanks.
      {"(OS 10048)Only one usage of each socket address (protocol/network address/port) is normally permitted.  ",
       Kind::win, 10048,
       "Only one usage of each socket address (protocol/network address/port) is normally permitted."},
      {"(OS 5)Zugriff verweigert  ", Kind::win, 5, "Zugriff verweigert"},
      {"(OS 1455)Die Auslagerungsdatei ist zu klein: Vorgang abgebrochen.  ", Kind::win, 1455,
       "Die Auslagerungsdatei ist zu klein: Vorgang abgebrochen."},
      {"(os 0x80070005)Access is denied.  ", Kind::win, 0x80070005, "Access is denied."},
  };
  for (const auto& row : rows) {
    for (const std::string after : {"AH00072: make_sock: could not bind", "[client 127.0.0.1:50660] AH00132: x",
                                    "[remote [::1]:80] AH01114: x"}) {
      const std::string line = std::string(row.logged) + ": " + after;
      CAPTURE(line);
      string_view rest = line;
      const auto status = consume_status(rest);
      CHECK(status.has_value());
      if (!status) continue;
      CHECK(status->kind == row.kind);
      CHECK(status->number == row.number);
      CHECK(status->text == row.text);
      CHECK(rest == after);
    }
  }
}

TEST_CASE("a status in front of words without an id ends at its first colon, or where its known text ends",
          "[entry][errno]") {
  struct Tail {
    string_view line, text, rest;
  };
  const std::vector<Tail> rows = {
      {"(2)No such file or directory: mod_mime: x: y", "No such file or directory", "mod_mime: x: y"},
      {"(109)Too many references: cannot splice: x: y", "Too many references: cannot splice", "x: y"},
      {"(13)Keine Berechtigung: httpd: x", "Keine Berechtigung", "httpd: x"},
      {"(24)Too many open files: Couldn't create the ssl-cache mutex", "Too many open files",
       "Couldn't create the ssl-cache mutex"},
      {"(2)No such file or directory:", "No such file or directory", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    string_view rest = row.line;
    const auto status = consume_status(rest);
    REQUIRE(status.has_value());
    CHECK(status->text == row.text);
    CHECK(rest == row.rest);
  }
}

TEST_CASE("a long loader text does not hide what follows", "[entry][errno]") {
  const std::string text = "/opt/" + std::string(240, 'x') + "/mod_x.so: undefined symbol: ap_x";
  const std::string line = "(20019)" + text + ": AH02284: x";
  string_view rest = line;
  const auto status = consume_status(rest);
  REQUIRE(status.has_value());
  CHECK(status->text == text);
  CHECK(rest == "AH02284: x");
}

TEST_CASE("what stands in parentheses is not always a status", "[entry][errno]") {
  for (const string_view text :
       {"", "(", "()", "(x)y: z", "(12", "(12 )x: y", "( 12)x: y", "(12)", "(99999999999999999999)x: y", "(EAI )x: y",
        "(OS x)y: z", "(--1)x: y", "(os 0x)x: y", "(os 12)x: y", "x (2)No such file or directory: y",
        "(2)no colon follows", "(1): of a process"}) {
    CAPTURE(text);
    string_view rest = text;
    CHECK_FALSE(consume_status(rest).has_value());
    CHECK(rest == text);
  }
}

TEST_CASE("a status that is spelled out at the end of a text is found", "[entry][errno]") {
  const auto found = status_at_end("Could not open configuration file /etc/x.conf: No such file or directory");
  REQUIRE(found.has_value());
  CHECK(found->text == "No such file or directory");
  CHECK(status_name(*found, Abi::linux_) == "ENOENT");
  CHECK(status_name(*status_at_end("x: Permission denied \n"), Abi::linux_) == "EACCES");
  const auto colon = status_at_end("x: Too many references: cannot splice");
  REQUIRE(colon.has_value());
  CHECK(colon->text == "Too many references: cannot splice");
  CHECK_FALSE(status_at_end("No such file or directory").has_value());
  CHECK_FALSE(status_at_end("a No such file or directory").has_value());
  CHECK_FALSE(status_at_end("x: No such file or directory.").has_value());
  CHECK_FALSE(status_at_end("").has_value());
}

TEST_CASE("a status without its number is known by its words, also where they are cut", "[entry][errno]") {
  CHECK(status_name(*status_of_words("No such file or directory"), Abi::linux_) == "ENOENT");
  CHECK(status_name(*status_of_words(" No such file or directory. "), Abi::linux_) == "ENOENT");
  CHECK(status_name(*status_of_words("No such file or d"), Abi::linux_) == "ENOENT");
  CHECK(status_name(*status_of_words("No such process"), Abi::linux_) == "ESRCH");
  CHECK(status_of_words("Too many references: cann").has_value());  // two texts, of one status
  CHECK_FALSE(status_of_words("Operation not ").has_value());       // of several
  CHECK_FALSE(status_of_words("No such").has_value());              // too short
  CHECK_FALSE(status_of_words("words of nobody at all").has_value());
  CHECK_FALSE(status_of_words("").has_value());
}

TEST_CASE("a text that several statuses have goes to the number's own", "[entry][errno]") {
  std::string_view text = "(2)No such process: AH00023: x";
  const auto status = consume_status(text);
  REQUIRE(status.has_value());
  CHECK(status->text == "No such process");
  CHECK(text == "AH00023: x");
}

TEST_CASE("the same failure has the same name on every system", "[entry][errno]") {
  struct Named {
    Kind kind;
    std::int64_t number;
    string_view text;
    Abi abi;
    string_view name;
  };
  const std::vector<Named> rows = {
      {Kind::os, 2, "No such file or directory", Abi::linux_, "ENOENT"},
      {Kind::os, 98, "Address already in use", Abi::linux_, "EADDRINUSE"},
      {Kind::os, 48, "Address already in use", Abi::bsd, "EADDRINUSE"},
      {Kind::os, 48, "Address already in use", Abi::linux_, "EADDRINUSE"},  // the text decides
      {Kind::os, 98, "Address in use", Abi::linux_, "EADDRINUSE"},          // musl
      {Kind::os, 98, "Die Adresse wird bereits verwendet", Abi::linux_, "EADDRINUSE"},
      {Kind::os, 48, "Die Adresse wird bereits verwendet", Abi::bsd, "EADDRINUSE"},
      {Kind::os, 35, "Resource temporarily unavailable", Abi::bsd, "EAGAIN"},
      {Kind::os, 35, "Resource deadlock avoided", Abi::linux_, "EDEADLK"},
      {Kind::os, 35, "?", Abi::bsd, "EAGAIN"},
      {Kind::os, 35, "?", Abi::linux_, "EDEADLK"},
      {Kind::os, 28, "No space left on device", Abi::linux_, "ENOSPC"},
      {Kind::os, 30, "Read-only file system", Abi::linux_, "EROFS"},
      {Kind::os, 111, "Connection refused", Abi::linux_, "ECONNREFUSED"},
      {Kind::os, 61, "Connection refused", Abi::bsd, "ECONNREFUSED"},
      {Kind::os, -1, "Unknown error -1", Abi::linux_, ""},
      {Kind::os, 404, "Unknown error 404", Abi::linux_, ""},
      {Kind::os, 0, "Success", Abi::linux_, ""},
      {Kind::apr, 20014, "Internal error (specific information not available)", Abi::linux_, "APR_EGENERAL"},
      {Kind::apr, 70007, "The timeout specified has expired", Abi::bsd, "APR_TIMEUP"},
      {Kind::apr, 70014, "End of file found", Abi::linux_, "APR_EOF"},
      {Kind::apr, 70015, "Could not find specified socket in poll list.", Abi::linux_, "APR_NOTFOUND"},
      {Kind::apr, 120006, "APR does not understand this error code", Abi::linux_, ""},
      {Kind::eai, 2, "Name or service not known", Abi::linux_, "EAI_NONAME"},
      {Kind::eai, 8, "nodename nor servname provided, or not known", Abi::bsd, "EAI_NONAME"},
      {Kind::eai, 8, "?", Abi::bsd, "EAI_NONAME"},
      {Kind::eai, 3, "Temporary failure in name resolution", Abi::linux_, "EAI_AGAIN"},
      {Kind::win, 10048, "Only one usage of each socket address", Abi::windows, "EADDRINUSE"},
      {Kind::win, 10013, "x", Abi::windows, "EACCES"},
      {Kind::win, 10061, "x", Abi::windows, "ECONNREFUSED"},
      {Kind::win, 11001, "x", Abi::windows, "EAI_NONAME"},
      {Kind::win, 123456, "x", Abi::windows, ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.number, row.text);
    CHECK(status_name({row.kind, row.number, row.text}, row.abi) == row.name);
    CHECK((row.name.empty() || is_status_name(row.name)));
  }
}

TEST_CASE("rules may only name statuses that there are", "[entry][errno]") {
  CHECK(is_status_name("ENOENT"));
  CHECK(is_status_name("APR_TIMEUP"));
  CHECK(is_status_name("EAI_AGAIN"));
  CHECK_FALSE(is_status_name("enoent"));
  CHECK_FALSE(is_status_name("ENOENTT"));
  CHECK_FALSE(is_status_name(""));
  CHECK_FALSE(is_status_name("none"));
}

TEST_CASE("each kind of status has a name", "[entry][errno]") {
  CHECK(kind_name(Kind::os) == "os");
  CHECK(kind_name(Kind::apr) == "apr");
  CHECK(kind_name(Kind::eai) == "eai");
  CHECK(kind_name(Kind::win) == "win");
}
