// ErrorLogFormat: compiled once from what httpd's configuration says, then read back line by line. Source: httpd
// server/core.c (parse_errorlog_item, set_errorlog_format) and server/log.c (do_errorlog_format).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "entry/entry.h"
#include "text/problem.h"

namespace ahdiag {

class LogFormat {
 public:
  enum class Field : std::uint8_t {
    literal,
    message,     // %M
    client,      // %a
    connection,  // %{c}a
    local,       // %A
    status,      // %E
    where,       // %F
    count,       // %k
    level,       // %l
    request_id,  // %L
    connection_id,
    module,      // %m
    pid,         // %P
    tid,         // %T
    time,        // %t
    host,        // %v
    asked_host,  // %V: the visitor may have named it
    referer,     // %{Referer}i
    token,       // a word that httpd chose: %{UNIQUE_ID}e
    foreign,     // words that a visitor may have chosen: headers, notes, variables
  };

  struct Item {
    Field field = Field::literal;
    std::string text;           // a literal's; strftime's format of a time
    bool hyphen = false;        // "-" where there is nothing to say
    bool may_be_empty = false;  // then its whole group is missing
    bool by_request = false;    // it is there for each message of a request
  };

  // What stands or is missing as a whole: httpd cuts at blanks that no backslash hides, and at "% ".
  struct Group {
    std::vector<Item> items;
    [[nodiscard]] bool may_be_missing(bool in_request = false) const;
  };

  // `text` is an argument of ErrorLogFormat, or the whole directive; quoted or bare; "request" or "connection" in front
  // says that it introduces others.
  static std::variant<LogFormat, Problem> compile(std::string_view text);

  // The entry, where `line` is one of this format; all views point into `line`. A line that tells nothing but its
  // message is left to the default form.
  [[nodiscard]] std::optional<Entry> match(std::string_view line) const;

  [[nodiscard]] About about() const { return about_; }
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

 private:
  About about_ = About::message;
  std::vector<Group> groups_;
};

// The formats of a server, the first that fits first, and then httpd's default form: start-up lines and third parties
// use that whatever the configuration says.
class LogFormats {
 public:
  void add(LogFormat format) { formats_.push_back(std::move(format)); }
  [[nodiscard]] bool empty() const { return formats_.empty(); }
  [[nodiscard]] std::optional<Entry> match(std::string_view line) const;
  [[nodiscard]] Entry parse(std::string_view line) const;

 private:
  std::vector<LogFormat> formats_;
};

}  // namespace ahdiag
