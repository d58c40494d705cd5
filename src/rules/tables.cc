#include "rules/tables.h"

#include <algorithm>
#include <array>
#include <functional>

#include "rules/embedded.h"
#include "text/ascii.h"
#include "text/suggest.h"

namespace ahdiag {
namespace {

using Cells = std::vector<std::string_view>;

Cells cells_of(std::string_view line) {
  constexpr std::size_t kMostCells = 9;
  auto cells = split(line, '\t');
  cells.resize(kMostCells);
  return cells;
}

template <typename Row, typename Make>
std::vector<Row> read_table(std::string_view file, Make make) {
  std::vector<Row> all;
  for (const auto line : split(embedded_file(file), '\n')) {
    if (!line.empty() && line.front() != '#') all.push_back(make(cells_of(line)));
  }
  return all;
}

std::string_view bare(std::string_view name) {
  consume(name, "<");
  consume(name, "/");
  if (name.ends_with('>')) name.remove_suffix(1);
  return name;
}

CodeFacts code_facts(const Cells& cells) {
  return {cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8]};
}

// In the text as it is: its thousands of rows would take longer to read than a log of a few lines.
std::optional<CodeFacts> look_up_code(std::string_view code) {
  std::string_view rest = embedded_file("catalog.tsv");
  while (!code.empty() && !rest.empty()) {
    const auto before = rest.substr(0, rest.size() / 2).rfind('\n');
    const std::size_t at = before == std::string_view::npos ? 0 : before + 1;
    const auto line = rest.substr(at, rest.find('\n', at) - at);
    const auto id = line.substr(0, line.find('\t'));
    if (id == code) return code_facts(cells_of(line));
    rest = code < id ? rest.substr(0, at) : rest.substr(std::min(rest.size(), at + line.size() + 1));
  }
  return std::nullopt;
}

template <typename Rows>
auto* find_row(const Rows& rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, [](const auto& row) { return row.name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

Level CodeFacts::worst_level() const {
  Level worst = Level::none;
  for (std::string_view rest = level; !rest.empty();) {
    const auto name = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    const auto one = level_from(name);
    if (one && (worst == Level::none || *one < worst)) worst = *one;
  }
  return worst;
}

std::span<const Directive> all_directives() {
  static const auto all = read_table<Directive>("directives.tsv", [](const Cells& cells) {
    return Directive{bare(cells[0]), cells[1], cells[2], cells[3], cells[4]};
  });
  return all;
}

std::span<const CodeFacts> all_codes() {
  static const auto all = read_table<CodeFacts>("catalog.tsv", code_facts);
  return all;
}

std::span<const CauseClass> all_classes() {
  static const auto all = read_table<CauseClass>("classes.txt", [](const Cells& cells) {
    return CauseClass{cells[0], cells[1], cells[2]};
  });
  return all;
}

const Directive* find_directive(std::string_view name) {
  const std::string wanted = lower(bare(name));
  for (const auto& row : all_directives()) {
    if (row.name.size() == wanted.size() && lower(row.name) == wanted) return &row;
  }
  return nullptr;
}

std::optional<std::string> suggest_directive(std::string_view name) {
  constexpr std::size_t kFurthest = 2;
  constexpr std::size_t kShortest = 4;
  const auto wanted = bare(name);
  if (wanted.size() < kShortest) return std::nullopt;
  std::size_t best = kFurthest + 1;
  std::optional<std::string> found;
  for (const auto& row : all_directives()) {
    const auto far = distance(wanted, row.name, kFurthest);
    if (far < best && row.module != "-") {
      best = far;
      found = std::string(row.name);
    }
  }
  return found;
}

// Most runs ask for a few ids, and for those again and again: what was answered last is kept, for each thread.
std::optional<CodeFacts> find_code(std::string_view code) {
  struct Answer {
    std::string code;
    std::optional<CodeFacts> facts;
  };
  constexpr std::size_t kLongest = 8;
  if (code.size() > kLongest) return look_up_code(code);
  thread_local std::array<Answer, 64> answers;
  Answer& answer = answers.at(std::hash<std::string_view>{}(code) % answers.size());
  if (answer.code != code) answer = {std::string(code), look_up_code(code)};
  return answer.facts;
}

// In the text as it is, as an id is.
std::string_view area_of_module(std::string_view module) {
  std::string_view rest = embedded_file("modules.tsv");
  while (!module.empty() && !rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto name = line.substr(0, line.find('\t'));
    if (name == module && !name.starts_with('#')) return cells_of(line)[1];
  }
  return {};
}

std::string module_in_words(std::string_view module) {
  const bool named_mod = module != "core" && module != "http" && module != "win32" && module != "netware" &&
                         !module.starts_with("mpm_") && !module.starts_with("mod_");
  const std::string name = (named_mod ? "mod_" : "") + std::string(module);
  const auto area = area_of_module(module);
  return area.empty() ? name : name + " (" + std::string(area) + ")";
}

const CauseClass* find_class(std::string_view name) { return find_row(all_classes(), name); }

}  // namespace ahdiag
