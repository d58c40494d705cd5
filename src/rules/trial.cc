#include "rules/trial.h"

#include "rules/tables.h"

namespace ahdiag {
namespace {

bool fits_origin(const MatchSpec& match, const Entry& entry) {
  switch (match.origin) {
    case Origin::server: return entry.speaker == Speaker::server;
    case Origin::client: return entry.speaker != Speaker::server;
    case Origin::any: return true;
  }
  return false;
}

// What httpd prints before its log is open has no level: the catalogue knows it.
Level level_of(const Entry& entry) {
  if (entry.level != Level::none) return entry.level;
  const auto facts = find_code(entry.code);
  return facts ? facts->worst_level() : Level::none;
}

bool fits_level(const MatchSpec& match, const Entry& entry) {
  if (match.level == Level::none) return true;
  const Level level = level_of(entry);
  return level != Level::none && level <= match.level;
}

}  // namespace

std::string_view text_to_match(const Rule& rule, const Entry& entry) {
  return rule.match.within_config_error && entry.config ? entry.config->body : entry.message;
}

Trial try_rule(const Rule& rule, const Entry& entry) {
  const auto& match = rule.match;
  // .htaccess errors are told to a client, but httpd wrote every word but the file's own.
  if (!match.within_config_error && !fits_origin(match, entry)) return {Stop::origin, {}};
  if (!match.module.empty() && match.module != entry.module) return {Stop::module, {}};
  if (!fits_level(match, entry)) return {Stop::level, {}};
  if (match.with_status && !entry.status) return {Stop::status, {}};
  const auto text = text_to_match(rule, entry);
  std::vector<std::string_view> texts;
  if (!match.message.match(text, texts)) return {Stop::expression, {}};
  Trial found{Stop::nowhere, {&rule, {}}};
  const auto& names = match.message.groups();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const SlotSpec* slot = texts[i].empty() ? nullptr : rule.slot_of_group(names.at(i));
    if (slot != nullptr) found.match.groups.emplace_back(slot->name, texts[i]);
  }
  return found;
}

}  // namespace ahdiag
