// The status in front of a message, and its name. Names, not numbers, are what rules speak of: 98 on Linux is 48 on
// BSD. Sources: httpd server/log.c (log_apr_status), APR include/apr_errno.h, the headers and messages of the C
// libraries.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ahdiag {

enum class Abi { linux_, bsd, windows };

struct Status {
  enum class Kind { os, apr, eai, win };
  Kind kind = Kind::os;
  std::int64_t number = 0;
  std::string_view text;  // as logged, perhaps in another language
};

// Takes "(2)No such file or directory: " off the front of `text`.
std::optional<Status> consume_status(std::string_view& text);

// The same up to `end` (not empty), which stays: where a format of one's own puts something else behind a status.
std::optional<Status> consume_status_before(std::string_view& text, std::string_view end);

// "(2)No such file or directory" and nothing else.
std::optional<Status> whole_status(std::string_view text);

// A status that is only spelled out, at the end of a text: "…: No such file or directory". The number is Linux's.
std::optional<Status> status_at_end(std::string_view text);

// A status that `words` spell out and nothing else ("No such file or directory"), or begin and leave no doubt.
std::optional<Status> status_of_words(std::string_view words);

// "ENOENT", "APR_TIMEUP", "EAI_NONAME"; the text decides where it is a known one, else the number under `abi`; empty if
// neither tells.
std::string_view status_name(const Status& status, Abi abi);

std::string_view kind_name(Status::Kind kind);

// A status by its name: what the systems call it.
struct StatusFacts {
  std::string_view name;
  Status::Kind kind = Status::Kind::os;
  std::string_view text;                                              // in English, of the first C library
  std::int64_t linux_number = 0, bsd_number = 0, windows_number = 0;  // 0: none there
};

std::vector<StatusFacts> all_statuses();

// Every name that status_name can give: what rules may use.
bool is_status_name(std::string_view name);

}  // namespace ahdiag
