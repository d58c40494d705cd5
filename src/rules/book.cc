#include "rules/book.h"

#include <algorithm>

#include "rules/embedded.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

bool is_rule_file(std::string_view name) { return name.ends_with(".json") && !name.ends_with(".schema.json"); }
bool is_remedy_file(std::string_view name) { return name.starts_with("remedies/") || contains(name, "/remedies/"); }
bool is_platforms_file(std::string_view name) { return name == "platforms.json" || name.ends_with("/platforms.json"); }

constexpr const char* kAnyId = "*";

bool speaks(const Rule& rule, const Entry& entry) { return try_rule(rule, entry).stop == Stop::nowhere; }

}  // namespace

RuleBook RuleBook::load(const std::vector<RuleFile>& more, Problems& problems) {
  RuleBook book;
  for (const auto& file : embedded_files()) book.add({std::string(file.name), file.text, true}, problems);
  for (const auto& file : more) book.add(file, problems);
  book.index();
  return book;
}

void RuleBook::add(const RuleFile& file, Problems& problems) {
  if (!is_rule_file(file.name)) return;
  texts_.insert_or_assign(file.name, file.text);
  if (is_platforms_file(file.name)) {
    if (auto platforms = read_platforms(file, problems)) platforms_ = std::move(*platforms);
  } else if (is_remedy_file(file.name)) {
    if (auto remedy = read_remedy(file, problems)) remedies_.insert_or_assign(remedy->name, std::move(*remedy));
  } else if (auto rule = read_rule(file, problems)) {
    std::erase_if(rules_, [&](const Rule& old) { return old.id == rule->id; });
    rules_.push_back(std::move(*rule));
  }
}

void RuleBook::index() {
  std::sort(rules_.begin(), rules_.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  for (const auto& rule : rules_) {
    if (rule.match.within_config_error) by_config_.push_back(&rule);
    if (rule.match.within_config_error) continue;
    for (const auto& code : rule.match.codes) by_code_[code].push_back(&rule);
    if (!rule.match.contains.empty()) by_text_.push_back(&rule);
  }
}

template <typename Visit>
void RuleBook::candidates(const Entry& entry, Visit visit) const {
  for (const Rule* rule : by_config_) {
    if (entry.config || may_be_bare_body(*rule, entry)) visit(*rule);
  }
  if (entry.code.empty()) {
    for (const Rule* rule : by_text_) visit(*rule);
    return;
  }
  // The rules of its id, then those of any.
  for (const auto& code : {std::string(entry.code), std::string(kAnyId)}) {
    const auto found = by_code_.find(code);
    if (found == by_code_.end()) continue;
    for (const Rule* rule : found->second) visit(*rule);
  }
}

std::optional<RuleMatch> RuleBook::match(const Entry& entry) const {
  std::optional<RuleMatch> specific, fallback;
  candidates(entry, [&](const Rule& rule) {
    auto& place = rule.fallback ? fallback : specific;
    if (specific || place) return;
    auto trial = try_rule(rule, entry);
    if (trial.stop == Stop::nowhere) place = std::move(trial.match);
  });
  return specific ? specific : fallback;
}

std::vector<const Rule*> RuleBook::claims(const Entry& entry) const {
  std::vector<const Rule*> specific, fallback, generic;
  candidates(entry, [&](const Rule& rule) {
    auto& rank = !rule.fallback ? specific : rule.match.takes_any_id() ? generic : fallback;
    if (speaks(rule, entry)) rank.push_back(&rule);
  });
  return !specific.empty() ? specific : !fallback.empty() ? fallback : generic;
}

std::vector<std::pair<const Rule*, Stop>> RuleBook::trials(const Entry& entry) const {
  std::vector<std::pair<const Rule*, Stop>> all;
  candidates(entry, [&](const Rule& rule) { all.emplace_back(&rule, try_rule(rule, entry).stop); });
  return all;
}

std::string_view RuleBook::text_of(std::string_view file) const {
  const auto found = texts_.find(file);
  return found == texts_.end() ? std::string_view() : found->second;
}

const Rule* RuleBook::rule(std::string_view id) const {
  for (const auto& one : rules_) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const Remedy* RuleBook::remedy(std::string_view name) const {
  const auto found = remedies_.find(name);
  return found == remedies_.end() ? nullptr : &found->second;
}

}  // namespace ahdiag
