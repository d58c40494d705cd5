#include "rules/book.h"

#include <algorithm>

#include "rules/embedded.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

bool is_rule_file(std::string_view name) { return name.ends_with(".json") && !name.ends_with(".schema.json"); }
bool is_remedy_file(std::string_view name) { return name.starts_with("remedies/") || contains(name, "/remedies/"); }
bool is_platforms_file(std::string_view name) { return name == "platforms.json" || name.ends_with("/platforms.json"); }

bool fits_origin(const MatchSpec& match, const Entry& entry) {
  switch (match.origin) {
    case Origin::server: return entry.speaker == Speaker::server;
    case Origin::client: return entry.speaker != Speaker::server;
    case Origin::any: return true;
  }
  return false;
}

bool holds_literal(const std::vector<std::string>& literals, std::string_view text) {
  const auto held = [&](const std::string& literal) { return contains(text, literal); };
  return literals.empty() || std::any_of(literals.begin(), literals.end(), held);
}

// The body of a configuration error may stand alone, where only the reason was pasted.
bool may_be_bare_body(const Rule& rule, const Entry& entry) {
  return entry.code.empty() && !entry.header && entry.speaker == Speaker::server && !rule.match.contains.empty();
}

std::string_view text_to_match(const Rule& rule, const Entry& entry) {
  return rule.match.within_config_error && entry.config ? entry.config->body : entry.message;
}

std::optional<RuleMatch> try_rule(const Rule& rule, const Entry& entry) {
  const auto& match = rule.match;
  // .htaccess errors are told to a client, but httpd wrote every word but the file's own.
  if (!match.within_config_error && !fits_origin(match, entry)) return std::nullopt;
  if (!match.module.empty() && match.module != entry.module) return std::nullopt;
  const auto text = text_to_match(rule, entry);
  if (entry.code.empty() && !holds_literal(match.contains, text)) return std::nullopt;
  const auto texts = match.message.match(text);
  if (!texts) return std::nullopt;
  RuleMatch found{&rule, {}};
  const auto names = match.message.groups();
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const SlotSpec* slot = rule.slot_of_group(names.at(i));
    if (slot != nullptr && !texts->at(i).empty()) found.groups.emplace_back(slot->name, texts->at(i));
  }
  return found;
}

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
  const auto found = by_code_.find(std::string(entry.code));
  if (found == by_code_.end()) return;
  for (const Rule* rule : found->second) visit(*rule);
}

std::optional<RuleMatch> RuleBook::match(const Entry& entry) const {
  std::optional<RuleMatch> specific, fallback;
  candidates(entry, [&](const Rule& rule) {
    auto& place = rule.fallback ? fallback : specific;
    if (!specific && !place) place = try_rule(rule, entry);
  });
  return specific ? specific : fallback;
}

std::vector<const Rule*> RuleBook::claims(const Entry& entry) const {
  std::vector<const Rule*> specific, fallback;
  candidates(entry, [&](const Rule& rule) {
    if (try_rule(rule, entry)) (rule.fallback ? fallback : specific).push_back(&rule);
  });
  return specific.empty() ? fallback : specific;
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
