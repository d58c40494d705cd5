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

Stop try_marks(const Rule& rule, const Entry& entry) {
  const auto& spec = rule.match;
  // .htaccess errors are told to a client, but httpd wrote every word but the file's own.
  if (!spec.within_config_error && !fits_origin(spec, entry)) return Stop::origin;
  if (!spec.module.empty() && spec.module != entry.module) return Stop::module;
  if (!fits_level(spec, entry)) return Stop::level;
  return spec.with_status && !entry.status ? Stop::status : Stop::nowhere;
}

bool try_expression(const Rule& rule, const Entry& entry, RuleMatch& match) {
  const bool likely = match.rule == &rule;
  if (!rule.match.message.match(text_to_match(rule, entry), match.texts, likely)) return false;
  match.rule = &rule;
  return true;
}

Stop try_rule(const Rule& rule, const Entry& entry, RuleMatch& match) {
  if (const Stop stop = try_marks(rule, entry); stop != Stop::nowhere) return stop;
  return try_expression(rule, entry, match) ? Stop::nowhere : Stop::expression;
}

}  // namespace ahdiag
