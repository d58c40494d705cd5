#include "rules/tables.h"

#include <algorithm>

#include "rules/embedded.h"
#include "text/ascii.h"
#include "text/suggest.h"

namespace ahdiag {
namespace {

struct ModuleFacts {
  std::string_view name;
  std::string_view area;
};

template <typename Row, typename Make>
std::vector<Row> read_table(std::string_view file, Make make) {
  std::vector<Row> all;
  for (const auto line : split(embedded_file(file), '\n')) {
    if (line.empty() || line.front() == '#') continue;
    auto cells = split(line, '\t');
    cells.resize(9);
    all.push_back(make(cells));
  }
  return all;
}

using Cells = std::vector<std::string_view>;

std::string_view bare(std::string_view name) {
  consume(name, "<");
  consume(name, "/");
  if (name.ends_with('>')) name.remove_suffix(1);
  return name;
}

std::vector<CodeFacts> read_codes() {
  auto all = read_table<CodeFacts>("catalog.tsv", [](const Cells& cells) {
    return CodeFacts{cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8]};
  });
  std::ranges::sort(all, {}, &CodeFacts::code);
  return all;
}

template <typename Rows>
auto* find_row(const Rows& rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, [](const auto& row) { return row.name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

Level CodeFacts::worst_level() const {
  Level worst = Level::none;
  for (const auto name : split(level, '|')) {
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
  static const std::vector<CodeFacts> all = read_codes();
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

const CodeFacts* find_code(std::string_view code) {
  const auto all = all_codes();
  const auto found = std::ranges::lower_bound(all, code, {}, &CodeFacts::code);
  return found != all.end() && found->code == code ? &*found : nullptr;
}

std::string_view area_of_module(std::string_view module) {
  static const auto all = read_table<ModuleFacts>("modules.tsv", [](const Cells& cells) {
    return ModuleFacts{cells[0], cells[1]};
  });
  const auto* row = find_row(all, module);
  return row == nullptr ? std::string_view() : row->area;
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
