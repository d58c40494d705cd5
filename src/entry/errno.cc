#include "entry/errno.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "text/ascii.h"
#include "text/beginnings.h"

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

// Each text of a table's cell (separated by '|').
template <typename Visit>
constexpr void for_each_text(std::string_view texts, Visit visit) {
  while (!texts.empty()) {
    const auto end = texts.find('|');
    visit(texts.substr(0, end));
    texts.remove_prefix(end == std::string_view::npos ? texts.size() : end + 1);
  }
}

// The rows of a text: its numbers, 0 where there is none.
struct Carriers {
  std::array<int, 3> numbers{};
  const ErrnoRow* errno_row = nullptr;
  const EaiRow* eai_row = nullptr;

  [[nodiscard]] bool has(std::int64_t number) const {
    return numbers[0] == number || numbers[1] == number || numbers[2] == number;
  }
};

template <typename Visit>
constexpr void for_each_known_text(Visit visit) {
  for (const auto& row : kErrnos) {
    const Carriers carriers{{row.linux_number, row.bsd_number, row.windows_number}, &row, nullptr};
    for_each_text(row.texts, [&](std::string_view text) { visit(text, carriers); });
  }
  for (const auto& row : kAprs) {
    for_each_text(row.text, [&](std::string_view text) { visit(text, Carriers{{row.number}, nullptr, nullptr}); });
  }
  for (const auto& row : kEais) {
    const Carriers carriers{{row.linux_number, row.bsd_number}, nullptr, &row};
    for_each_text(row.texts, [&](std::string_view text) { visit(text, carriers); });
  }
}

constexpr std::size_t kTexts = [] {
  std::size_t count = 0;
  for_each_known_text([&](std::string_view, const Carriers&) { ++count; });
  return count;
}();

constexpr Beginnings kKnownTexts([] {
  std::array<Beginning<Carriers>, kTexts> all{};
  std::size_t count = 0;
  for_each_known_text([&](std::string_view text, const Carriers& carriers) { all.at(count++) = {text, carriers}; });
  return all;
}());

constexpr std::size_t kLongestText = [] {
  std::size_t longest = 0;
  for_each_known_text([&](std::string_view text, const Carriers&) { longest = std::max(longest, text.size()); });
  return longest;
}();

const ErrnoRow* errno_of(std::string_view text) {
  for (const auto& row : kKnownTexts.alike(text)) {
    if (row.value.errno_row != nullptr && row.text == text) return row.value.errno_row;
  }
  return nullptr;
}

const EaiRow* eai_of(std::string_view text) {
  for (const auto& row : kKnownTexts.alike(text)) {
    if (row.value.eai_row != nullptr && row.text == text) return row.value.eai_row;
  }
  return nullptr;
}

// The longest text with which `text` begins, up to `end`: of rows that carry `number`, else of any.
std::size_t known_text_length(std::string_view text, std::int64_t number, std::string_view end) {
  std::size_t longest = 0, other = 0;
  for (const auto& row : kKnownTexts.alike(text)) {
    const std::size_t size = row.text.size();
    if (size <= longest || !row.is_front_of(text) || !text.substr(size).starts_with(end)) continue;
    if (number != 0 && row.value.has(number)) longest = size;
    other = std::max(other, size);
  }
  return longest > 0 ? longest : other;
}

bool begins_what_follows(std::string_view text) {
  constexpr std::size_t kPrefix = 2, kFewestDigits = 5;
  text = trim_left(text);
  if (text.empty() || (text.front() != '[' && text.front() != 'A')) return false;
  if (text.starts_with("[client ") || text.starts_with("[remote ")) return true;
  if (!consume(text, "AH") || text.size() < kFewestDigits) return false;
  return std::ranges::all_of(text.substr(0, kFewestDigits), is_digit) &&
         contains(text.substr(0, kFewestDigits + kPrefix), ":");
}

// Where the status text ends: at an `end` (a colon, unless a format of one's own says otherwise). It is not escaped and
// may hold ": " itself (dlerror, other languages): a known text decides, then the next thing that can only follow a
// status, then Windows' two blanks, then the first `end`. Source: httpd server/log.c, log_apr_status.
std::size_t status_text_length(std::string_view text, const Status& status, std::string_view end) {
  constexpr std::size_t kLongestHead = 400;
  if (const auto known = known_text_length(text, status.number, end); known > 0) return known;
  const auto head = text.substr(0, kLongestHead);
  for (auto at = head.find(end); at != std::string_view::npos; at = head.find(end, at + 1)) {
    if (begins_what_follows(text.substr(at + end.size()))) return at;
  }
  const std::string_view separator = end == ":" ? ": " : end;
  if (status.kind == Status::Kind::win) {
    const auto blanks = head.find("  " + std::string(end));
    if (blanks != std::string_view::npos) return blanks + 2;
  }
  if (const auto at = head.find(separator); at != std::string_view::npos) return at;
  return head.ends_with(end) ? head.size() - end.size() : std::string_view::npos;
}

Status::Kind kind_of(std::int64_t number) { return number >= 20000 ? Status::Kind::apr : Status::Kind::os; }

// "0x80070005"; nothing for more digits than Windows has.
std::optional<std::int64_t> consume_hex(std::string_view& text) {
  constexpr std::size_t kMostDigits = 8;
  if (!consume(text, "0x")) return std::nullopt;
  std::uint32_t number = 0;
  const auto digits = text.substr(0, text.find_first_not_of("0123456789abcdefABCDEF"));
  if (digits.empty() || digits.size() > kMostDigits) return std::nullopt;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  text.remove_prefix(digits.size());
  return number;
}

std::optional<Status> consume_hex_part(std::string_view& text) {
  const auto number = consume_hex(text);
  if (!number || !consume(text, ")")) return std::nullopt;
  return Status{Status::Kind::win, *number, {}};
}

std::optional<Status> consume_number_part(std::string_view& text) {
  if (!consume(text, "(")) return std::nullopt;
  if (consume(text, "os ")) return consume_hex_part(text);
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
  if (const auto* const row = errno_of(status.text)) return row->name;
  if (status.number <= 0) return {};
  for (const auto& row : kErrnos) {
    if (number_under(row, abi) == status.number) return row.name;
  }
  return {};
}

std::string_view eai_name(const Status& status, Abi abi) {
  if (const auto* const row = eai_of(status.text)) return row->name;
  for (const auto& row : kEais) {
    if ((abi == Abi::bsd ? row.bsd_number : row.linux_number) == status.number) return row.name;
  }
  return {};
}

std::string_view windows_name(Status status) {
  constexpr std::int64_t kWin32Facility = 0x80070000;  // an HRESULT that carries an error of Windows
  if (status.number >> 16 == kWin32Facility >> 16) status.number -= kWin32Facility;
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

std::optional<Status> consume_status_before(std::string_view& text, std::string_view end) {
  std::string_view rest = text;
  auto status = consume_number_part(rest);
  if (!status) return std::nullopt;
  rest = trim_left(rest);
  const auto length = status_text_length(rest, *status, end);
  if (length == std::string_view::npos) return std::nullopt;
  status->text = trim_right(rest.substr(0, length));
  rest.remove_prefix(length);
  text = rest;
  return status;
}

std::optional<Status> whole_status(std::string_view text) {
  auto status = consume_number_part(text);
  if (status) status->text = trim(text);
  return status;
}

std::optional<Status> consume_status(std::string_view& text) {
  std::string_view rest = text;
  auto status = consume_status_before(rest, ":");
  if (!status || status->text.empty()) return std::nullopt;  // "sh (1): …" names a process
  text = trim_left(rest.substr(1));
  return status;
}

// A text may hold a colon itself.
std::optional<Status> status_at_end(std::string_view text) {
  text = trim_right(text);
  for (auto colon = text.rfind(": "); colon != std::string_view::npos; colon = text.substr(0, colon).rfind(": ")) {
    const auto words = text.substr(colon + 2);
    if (words.size() > kLongestText) break;
    if (const auto* const row = errno_of(words)) return Status{Status::Kind::os, row->linux_number, words};
  }
  return std::nullopt;
}

std::optional<Status> status_of_words(std::string_view words) {
  constexpr std::size_t kShortestCut = 10;
  words = trim(words);
  if (words.ends_with('.')) words.remove_suffix(1);
  if (const auto* const row = errno_of(words)) return Status{Status::Kind::os, row->linux_number, words};
  if (words.size() < kShortestCut) return std::nullopt;
  const ErrnoRow* cut = nullptr;
  for (const auto& row : kKnownTexts.alike(words)) {
    const auto* const errno_row = row.value.errno_row;
    if (errno_row == nullptr || !row.text.starts_with(words)) continue;
    if (cut != nullptr && cut != errno_row) return std::nullopt;  // of two
    cut = errno_row;
  }
  return cut == nullptr ? std::nullopt : std::optional(Status{Status::Kind::os, cut->linux_number, words});
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

std::vector<StatusFacts> all_statuses() {
  const auto first = [](std::string_view texts) { return texts.substr(0, texts.find('|')); };
  std::vector<StatusFacts> all;
  for (const auto& row : kErrnos)
    all.push_back({row.name, Status::Kind::os, first(row.texts), row.linux_number, row.bsd_number, row.windows_number});
  for (const auto& row : kAprs)
    all.push_back({row.name, Status::Kind::apr, first(row.text), row.number, row.number, row.number});
  for (const auto& row : kEais)
    all.push_back({row.name, Status::Kind::eai, first(row.texts), row.linux_number, row.bsd_number, 0});
  return all;
}

bool is_status_name(std::string_view name) {
  const auto is_it = [&](const auto& row) { return row.name == name; };
  return std::ranges::any_of(kErrnos, is_it) || std::ranges::any_of(kAprs, is_it) || std::ranges::any_of(kEais, is_it);
}

}  // namespace ahdiag
