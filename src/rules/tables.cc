#include "rules/tables.h"

#include <algorithm>

#include "rules/embedded.h"
#include "text/ascii.h"
#include "text/suggest.h"

namespace ahdiag {
namespace {

template <typename Visit>
void for_each_row(std::string_view table, Visit visit) {
  for (const auto line : split(table, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    auto cells = split(line, '\t');
    cells.resize(8);
    visit(cells);
  }
}

std::string_view bare(std::string_view name) {
  consume(name, "<");
  consume(name, "/");
  if (name.ends_with('>')) name.remove_suffix(1);
  return name;
}

std::vector<Directive> read_directives() {
  std::vector<Directive> all;
  for_each_row(embedded_file("directives.tsv"), [&](const std::vector<std::string_view>& cells) {
    all.push_back({bare(cells[0]), cells[1], cells[2], cells[3], cells[4]});
  });
  return all;
}

std::vector<CodeFacts> read_codes() {
  std::vector<CodeFacts> all;
  for_each_row(embedded_file("catalog.tsv"), [&](const std::vector<std::string_view>& cells) {
    all.push_back({cells[0], cells[1], cells[2]});
  });
  std::sort(all.begin(), all.end(), [](const CodeFacts& a, const CodeFacts& b) { return a.code < b.code; });
  return all;
}

const std::vector<Directive>& directives() {
  static const std::vector<Directive> all = read_directives();
  return all;
}

}  // namespace

const Directive* find_directive(std::string_view name) {
  const std::string wanted = lower(bare(name));
  for (const auto& row : directives()) {
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
  for (const auto& row : directives()) {
    const auto far = distance(wanted, row.name, kFurthest);
    if (far < best && row.module != "-") {
      best = far;
      found = std::string(row.name);
    }
  }
  return found;
}

const CodeFacts* find_code(std::string_view code) {
  static const std::vector<CodeFacts> all = read_codes();
  const auto found = std::lower_bound(all.begin(), all.end(), code,
                                      [](const CodeFacts& row, std::string_view key) { return row.code < key; });
  return found != all.end() && found->code == code ? &*found : nullptr;
}

}  // namespace ahdiag
