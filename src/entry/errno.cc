#include "entry/errno.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace ahdiag {
namespace {

struct ErrnoRow {
  std::string_view name;
  int linux_number;
  int bsd_number;
  int windows_number;
  std::string_view texts;
};

struct AprRow {
  std::string_view name;
  int number;
  std::string_view text;
};

struct EaiRow {
  std::string_view name;
  int linux_number;
  int bsd_number;
  std::string_view texts;
};

struct WindowsRow {
  int number;
  std::string_view name;
};

constexpr ErrnoRow kErrnos[] = {
// NOLINT(modernize-avoid-c-arrays)
#include "entry/errno_table.inc"
};
constexpr AprRow kAprs[] = {
// NOLINT(modernize-avoid-c-arrays)
#include "entry/apr_status_table.inc"
};
constexpr EaiRow kEais[] = {
// NOLINT(modernize-avoid-c-arrays)
#include "entry/eai_table.inc"
};
constexpr WindowsRow kWindows[] = {
// NOLINT(modernize-avoid-c-arrays)
#include "entry/windows_table.inc"
};

// Whether `fits` holds for one of the texts of a table's cell (separated by '|').
template <typename Fits>
bool any_text(std::string_view texts, Fits fits) {
  while (!texts.empty()) {
    const auto end = texts.find('|');
    if (fits(texts.substr(0, end))) return true;
    if (end == std::string_view::npos) return false;
    texts.remove_prefix(end + 1);
  }
  return false;
}

bool is_one_of(std::string_view text, std::string_view texts) {
  return any_text(texts, [&](std::string_view one) { return one == text; });
}

bool is_number_of(const ErrnoRow& row, std::int64_t number) {
  return row.linux_number == number || row.bsd_number == number || row.windows_number == number;
}
bool is_number_of(const AprRow& row, std::int64_t number) { return row.number == number; }
bool is_number_of(const EaiRow& row, std::int64_t number) {
  return row.linux_number == number || row.bsd_number == number;
}

std::string_view texts_of(const ErrnoRow& row) { return row.texts; }
std::string_view texts_of(const AprRow& row) { return row.text; }
std::string_view texts_of(const EaiRow& row) { return row.texts; }

// The longest text of rows that carry `number` (any row: 0) with which `text` begins, up to a colon.
std::size_t known_text_length(std::string_view text, std::int64_t number) {
  std::size_t longest = 0;
  const auto offer = [&](const auto& row) {
    if (number != 0 && !is_number_of(row, number)) return;
    any_text(texts_of(row), [&](std::string_view one) {
      if (one.size() > longest && text.starts_with(one) && text.substr(one.size()).starts_with(":"))
        longest = one.size();
      return false;
    });
  };
  for (const auto& row : kErrnos) offer(row);
  for (const auto& row : kAprs) offer(row);
  for (const auto& row : kEais) offer(row);
  return longest;
}

bool begins_what_follows(std::string_view text) {
  if (text.starts_with("[client ") || text.starts_with("[remote ")) return true;
  return text.size() > 7 && text.starts_with("AH") && is_digit(text[2]) && is_digit(text[6]);
}

// Where the status text ends. It is not escaped and may hold ": " itself (dlerror, other languages): a known text
// decides, then the next thing that can only follow a status, then the first colon. Source: httpd server/log.c,
// log_apr_status.
std::size_t status_text_length(std::string_view text, std::int64_t number) {
  constexpr std::size_t kLongestText = 200;
  if (const auto known = known_text_length(text, number); known > 0) return known;
  if (const auto known = known_text_length(text, 0); known > 0) return known;
  const auto head = text.substr(0, kLongestText);
  for (auto at = head.find(": "); at != std::string_view::npos; at = head.find(": ", at + 1)) {
    if (begins_what_follows(text.substr(at + 2))) return at;
  }
  if (const auto colon = head.find(": "); colon != std::string_view::npos) return colon;
  return head.ends_with(':') ? head.size() - 1 : std::string_view::npos;
}

Status::Kind kind_of(std::int64_t number) { return number >= 20000 ? Status::Kind::apr : Status::Kind::os; }

std::optional<Status> consume_number_part(std::string_view& text) {
  if (!consume(text, "(")) return std::nullopt;
  Status status;
  if (consume(text, "EAI ")) status.kind = Status::Kind::eai;
  if (consume(text, "OS ")) status.kind = Status::Kind::win;
  const bool negative = consume(text, "-");
  const auto number = consume_number(text);
  if (!number || !consume(text, ")")) return std::nullopt;
  status.number = negative ? -*number : *number;
  if (status.kind == Status::Kind::os) status.kind = kind_of(status.number);
  return status;
}

int number_under(const ErrnoRow& row, Abi abi) {
  switch (abi) {
    case Abi::linux_: return row.linux_number;
    case Abi::bsd: return row.bsd_number;
    case Abi::windows: return row.windows_number;
  }
  return row.linux_number;
}

std::string_view os_name(const Status& status, Abi abi) {
  for (const auto& row : kErrnos) {
    if (is_one_of(status.text, row.texts)) return row.name;
  }
  if (status.number <= 0) return {};
  for (const auto& row : kErrnos) {
    if (number_under(row, abi) == status.number) return row.name;
  }
  return {};
}

std::string_view eai_name(const Status& status, Abi abi) {
  for (const auto& row : kEais) {
    if (is_one_of(status.text, row.texts)) return row.name;
  }
  for (const auto& row : kEais) {
    if ((abi == Abi::bsd ? row.bsd_number : row.linux_number) == status.number) return row.name;
  }
  return {};
}

std::string_view windows_name(const Status& status) {
  for (const auto& row : kWindows) {
    if (row.number == status.number) return row.name;
  }
  return {};
}

std::string_view apr_name(const Status& status) {
  for (const auto& row : kAprs) {
    if (row.number == status.number) return row.name;
  }
  return {};
}

}  // namespace

std::optional<Status> consume_status(std::string_view& text) {
  std::string_view rest = text;
  auto status = consume_number_part(rest);
  if (!status) return std::nullopt;
  rest = trim_left(rest);
  const auto length = status_text_length(rest, status->number);
  if (length == std::string_view::npos) return std::nullopt;
  status->text = trim_right(rest.substr(0, length));
  rest.remove_prefix(length + 1);
  text = trim_left(rest);
  return status;
}

std::optional<Status> status_at_end(std::string_view text) {
  text = trim_right(text);
  std::optional<Status> status;
  for (const auto& row : kErrnos) {
    any_text(row.texts, [&](std::string_view one) {
      const bool ends = text.ends_with(one) && text.substr(0, text.size() - one.size()).ends_with(": ");
      if (ends) status = Status{Status::Kind::os, row.linux_number, text.substr(text.size() - one.size())};
      return ends;
    });
    if (status) break;
  }
  return status;
}

std::optional<Status> status_of_words(std::string_view words) {
  constexpr std::size_t kShortestCut = 10;
  words = trim(words);
  if (words.ends_with('.')) words.remove_suffix(1);
  std::optional<Status> cut;
  std::size_t cuts = 0;
  for (const auto& row : kErrnos) {
    if (is_one_of(words, row.texts)) return Status{Status::Kind::os, row.linux_number, words};
    const auto begins = [&](std::string_view one) { return one.starts_with(words); };
    if (words.size() < kShortestCut || !any_text(row.texts, begins)) continue;
    cut = Status{Status::Kind::os, row.linux_number, words};
    ++cuts;
  }
  return cuts == 1 ? cut : std::nullopt;
}

std::string_view status_name(const Status& status, Abi abi) {
  switch (status.kind) {
    case Status::Kind::os: return os_name(status, abi);
    case Status::Kind::apr: return apr_name(status);
    case Status::Kind::eai: return eai_name(status, abi);
    case Status::Kind::win: return windows_name(status);
  }
  return {};
}

std::string_view kind_name(Status::Kind kind) {
  switch (kind) {
    case Status::Kind::os: return "os";
    case Status::Kind::apr: return "apr";
    case Status::Kind::eai: return "eai";
    case Status::Kind::win: return "win";
  }
  return "os";
}

bool is_status_name(std::string_view name) {
  const auto is_it = [&](const auto& row) { return row.name == name; };
  return std::ranges::any_of(kErrnos, is_it) || std::ranges::any_of(kAprs, is_it) || std::ranges::any_of(kEais, is_it);
}

}  // namespace ahdiag
