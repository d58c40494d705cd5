#include "plan/explain.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "plan/explain_rule.h"
#include "rules/tables.h"
#include "text/ascii.h"
#include "text/suggest.h"

namespace ahdiag {
namespace {

constexpr const char* kGenericRule = "generic-status";

// ---- a message id

// "AH01762", "ah1762", "AH01762:" -> "AH01762"; empty for what is no id.
std::string id_of(std::string_view topic) {
  constexpr std::size_t kDigits = 5;
  std::string text = lower(topic);
  while (!text.empty() && (text.back() == ':' || text.back() == ',')) text.pop_back();
  if (!text.starts_with("ah") || text.size() < 3 || text.size() > 8) return {};
  std::string digits = text.substr(2);
  if (!std::ranges::all_of(digits, is_digit)) return {};
  if (find_code("AH" + digits)) return "AH" + digits;  // some releases printed short ones: AH2404
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return "AH" + digits;
}

std::string level_in_words(const CodeFacts& facts) {
  if (facts.level == "-") return facts.form == "startup" ? "as a bare line while httpd starts" : "unknown";
  std::string text;
  for (const auto name : split(facts.level, '|')) text += (text.empty() ? "" : " or ") + std::string(name);
  return facts.form == "startup" ? text + ", as a bare line while httpd starts" : text;
}

std::string status_in_words(const CodeFacts& facts) {
  if (facts.status == "yes") return "carries one in front of the id; it decides on the cause";
  if (facts.status == "const") return "always the same one, which says nothing of its own";
  return facts.status == "no" ? "none: a status in front of it means nothing" : "unknown";
}

std::string since_in_words(const CodeFacts& facts) {
  if (facts.since == "trunk") return "only the development branch has it (2.5)";
  if (facts.since == "-") return "httpd 2.4";
  std::string text = "httpd " + std::string(facts.since);
  return facts.until == "-" ? text : text + " up to " + std::string(facts.until);
}

std::vector<Row> rows_of(const CodeFacts& facts) {
  std::vector<Row> rows = {{"Logged by", module_in_words(facts.module)}};
  if (facts.file != "-") rows.push_back({"Source", std::string(facts.file)});
  rows.push_back({"Level", level_in_words(facts)});
  rows.push_back({"Status", status_in_words(facts)});
  if (facts.client != "-")
    rows.push_back({"Speaker", facts.client == "yes" ? "a request: the entry names the client" : "the server itself"});
  rows.push_back({"Since", since_in_words(facts)});
  return rows;
}

// The rules of whose failures this id is a consequence.
std::vector<Row> roots_of(const RuleBook& book, const Setting& setting, std::string_view id) {
  std::vector<Row> rows;
  for (const auto& head : book.heads()) {
    if (std::ranges::find(head.consequences, id) == head.consequences.end()) continue;
    if (const Rule* rule = book.rule(head.id)) rows.push_back(row_of(*rule, setting, "it may follow from this"));
  }
  return rows;
}

std::vector<Explanation> explain_id(const RuleBook& book, const Setting& setting, const std::string& id) {
  const auto facts = find_code(id);
  Explanation all{id, "id", "", {}, {}, {}};
  if (facts) all.facts = rows_of(*facts);
  for (const bool fallback : {false, true}) {
    for (const auto& head : book.heads()) {
      const bool claims = head.fallback == fallback && std::ranges::find(head.codes, id) != head.codes.end();
      if (!claims || (fallback && !all.rules.empty())) continue;
      const Rule& rule = *book.rule(head.id);
      all.rules.push_back(explain_rule(rule, book, setting, {}, Detail::full));
      all.rules.back().looks_like = looks_like(rule, id);
    }
  }
  if (!facts && all.rules.empty()) return {};
  all.related = roots_of(book, setting, id);
  all.title = all.rules.empty() ? "a message of " + module_in_words(facts->module) : all.rules.front().title;
  if (all.rules.empty()) {
    const Rule* generic = book.rule(kGenericRule);
    const bool by_status = facts->status == "yes" && generic != nullptr;
    all.facts.push_back({"Advice", by_status ? "no rule of its own: its status decides, as for every id"
                                             : "no rule of its own, and no status: read the entries around it"});
    if (by_status) all.rules.push_back(explain_rule(*generic, book, setting, {}, Detail::brief));
  }
  return {all};
}

// ---- a rule

std::vector<Explanation> explain_rule_topic(const RuleBook& book, const Setting& setting, const std::string& id) {
  const Rule* rule = book.rule(id);
  if (rule == nullptr || find_code(id)) return {};
  Explanation all{rule->id, "rule", with_facts(rule->title, setting), {}, {}, roots_of(book, setting, id)};
  const auto& match = rule->match;
  if (!match.codes.empty() && !match.takes_any_id()) all.facts.push_back({"Ids", join(match.codes, ", ")});
  if (!match.module.empty()) all.facts.push_back({"Module", module_in_words(match.module)});
  if (!match.contains.empty()) all.facts.push_back({"Words", join(match.contains, " · ")});
  if (match.within_config_error) all.facts.push_back({"Where", "inside a configuration error (AH00526, .htaccess)"});
  all.rules.push_back(explain_rule(*rule, book, setting, {}, Detail::full));
  return {all};
}

// ---- a status

std::string numbers_of(const StatusFacts& facts) {
  const auto number = [&](std::int64_t one) {
    const std::string kind = facts.kind == Status::Kind::eai ? "(EAI " : "(";
    return one == 0 ? std::string("none") : kind + std::to_string(one) + ")";
  };
  if (facts.kind == Status::Kind::apr) return number(facts.linux_number) + " on every system";
  std::string text = number(facts.linux_number) + " on Linux, " + number(facts.bsd_number) + " on the BSDs and macOS";
  return facts.kind == Status::Kind::os ? text + ", " + number(facts.windows_number) + " in Windows' C library" : text;
}

std::vector<Row> rules_for_status(const RuleBook& book, const Setting& setting, std::string_view name) {
  std::vector<Row> rows;
  for (const auto& rule : book.rules()) {
    if (rule.match.takes_any_id()) continue;
    std::set<std::string> classes;
    for (const auto& one : rule.cases) {
      if (asks_for(one.when, name)) classes.insert(one.cause_class);
    }
    if (!classes.empty()) rows.push_back(row_of(rule, setting, join({classes.begin(), classes.end()}, ", ")));
  }
  return rows;
}

Explanation explain_status(const RuleBook& book, const Setting& setting, const StatusFacts& facts) {
  const std::string name(facts.name);
  Explanation all{name, "status", std::string(facts.text), {}, {}, {}};
  all.facts.push_back({"Number", numbers_of(facts)});
  const std::string kind = facts.kind == Status::Kind::os    ? "the operating system refused a call"
                           : facts.kind == Status::Kind::apr ? "the library APR, on which httpd stands, reports it"
                                                             : "the look-up of a host name failed";
  all.facts.push_back({"From", kind});
  if (const Rule* generic = book.rule(kGenericRule)) {
    auto card = explain_rule(*generic, book, setting, {name, {}}, Detail::full);
    if (!card.causes.empty()) all.rules.push_back(std::move(card));
  }
  all.related = rules_for_status(book, setting, name);
  return all;
}

// "28", "(28)", "(28)No space left on device", "(EAI 2)", "(OS 10048)", "720013".
std::vector<Explanation> explain_number(const RuleBook& book, const Setting& setting, std::string_view topic) {
  constexpr std::int64_t kUser = 120000, kCanonical = 620000, kEai = 670000, kSystem = 720000;
  const bool bare = std::ranges::all_of(topic, is_digit);
  const auto status = whole_status(bare ? "(" + std::string(topic) + ")" : std::string(topic));
  if (!status || topic.empty()) return {};
  std::int64_t number = status->number;
  auto kind = status->kind;
  if (number > kSystem) kind = Status::Kind::win, number -= kSystem;
  if (number > kEai) kind = Status::Kind::eai, number -= kEai;
  std::set<std::string_view> names;
  if (kind == Status::Kind::win) names.insert(status_name({kind, number, {}}, Abi::windows));
  std::vector<Explanation> all;
  for (const auto& facts : all_statuses()) {
    const bool fits = facts.kind == kind &&
                      (facts.linux_number == number || facts.bsd_number == number || facts.windows_number == number);
    if (fits || names.contains(facts.name)) all.push_back(explain_status(book, setting, facts));
  }
  if (all.empty() && number > kUser && number < kCanonical) {
    const std::string rest = std::to_string(number - kUser);
    all.push_back({std::to_string(number), "status", "a status of a module's own", {}, {}, {}});
    all.back().facts = {{"Number", "120000 and " + rest},
                        {"From", "the module that logs it: mod_proxy_ajp's own list, or 120000 and the errno " + rest +
                                     " of a database library (ahdiag explain " + rest + ")"},
                        {"Says", "little: read the words behind it and the entries around it"}};
  }
  return all;
}

std::vector<Explanation> explain_status_topic(const RuleBook& book, const Setting& setting, const std::string& topic) {
  for (const auto& facts : all_statuses()) {
    if (lower(facts.name) == lower(topic)) return {explain_status(book, setting, facts)};
  }
  return explain_number(book, setting, topic);
}

// ---- a class of causes

std::vector<Explanation> explain_class(const RuleBook& book, const Setting& setting, const std::string& topic) {
  const CauseClass* known = find_class(lower(topic));
  if (known == nullptr) return {};
  Explanation all{std::string(known->name), "class", std::string(known->meaning), {}, {}, {}};
  all.facts.push_back({"Area", std::string(known->area)});
  for (const auto& rule : book.rules()) {
    std::vector<std::string> conditions;
    for (const auto& one : rule.cases) {
      if (one.cause_class == known->name) conditions.push_back(in_words(one.when, setting));
    }
    if (conditions.empty()) continue;
    all.related.push_back(row_of(rule, setting, conditions.front().empty() ? "" : "if " + conditions.front()));
  }
  return {all};
}

// ---- a directive

std::string contexts_in_words(std::string_view contexts) {
  std::vector<std::string> all;
  for (const auto one : split(contexts, ',')) {
    all.emplace_back(one == "server"      ? "the top level"
                     : one == "vhost"     ? "<VirtualHost>"
                     : one == "directory" ? "<Directory>, <Location>, <Files>"
                     : one == "htaccess"  ? ".htaccess"
                                          : std::string(one));
  }
  return join(all, "; ");
}

bool speaks_of(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_alnum(text[at - 1])) && (end == text.size() || !is_alnum(text[end]))) return true;
  }
  return false;
}

// What the rule about unknown directives says of this one: how its module is loaded here, or what to write instead.
void add_unknown_directive(const RuleBook& book, const Setting& setting, const Directive& directive, Explanation& all) {
  const Rule* unknown = book.rule("unknown-directive");
  if (unknown == nullptr || directive.module == "core" || directive.module.starts_with("mpm_")) return;
  Known known{"", {{"directive", std::string(directive.name)}}};
  if (directive.module != "-") known.slots["module"] = directive.module;
  if (!directive.replacement.empty()) known.slots["replacement"] = directive.replacement;
  if (const auto found = setting.packages.find(directive.module); found != setting.packages.end())
    known.slots["package"] = found->second;
  auto card = explain_rule(*unknown, book, setting, known, Detail::full);
  if (card.causes.size() > 1) card.causes.resize(1);
  for (auto& cause : card.causes) cause.when.clear();  // the directive has decided it
  card.looks_like = "Invalid command '" + std::string(directive.name) +
                    "', perhaps misspelled or defined by a module not included in the server configuration";
  all.rules.push_back(std::move(card));
}

std::vector<Explanation> explain_directive(const RuleBook& book, const Setting& setting, const std::string& topic) {
  const Directive* known = find_directive(topic);
  if (known == nullptr) return {};
  Explanation all{std::string(known->name), "directive", "", {}, {}, {}};
  const bool gone = known->module == "-";
  all.title = gone ? "a directive that httpd 2.4 no longer has" : "a directive of " + module_in_words(known->module);
  if (gone) all.facts.push_back({"Instead", std::string(known->replacement)});
  if (!gone) {
    all.facts.push_back({"Stands in", contexts_in_words(known->contexts)});
    const bool htaccess = contains(known->contexts, "htaccess");
    if (htaccess && known->override_ != "-")
      all.facts.push_back({".htaccess", "AllowOverride " + std::string(known->override_) + " permits it"});
    if (!htaccess) all.facts.push_back({".htaccess", "not allowed there, whatever AllowOverride says"});
  }
  add_unknown_directive(book, setting, *known, all);
  for (const auto& rule : book.rules()) {
    if (speaks_of(book.text_of(rule.file), known->name)) all.related.push_back(row_of(rule, setting, ""));
  }
  return {all};
}

}  // namespace

std::vector<Explanation> explain(const RuleBook& book, const Setting& setting, const std::string& topic) {
  if (const auto id = id_of(topic); !id.empty()) return explain_id(book, setting, id);
  std::vector<Explanation> all;
  for (const auto part : {explain_rule_topic, explain_status_topic, explain_class, explain_directive}) {
    for (auto& one : part(book, setting, topic)) all.push_back(std::move(one));
  }
  return all;
}

std::vector<std::string> near_topics(const RuleBook& book, const std::string& topic) {
  constexpr std::size_t kFurthest = 2, kMost = 4;
  std::vector<std::pair<std::size_t, std::string>> near;
  const auto id = id_of(topic);
  const std::string& wanted = id.empty() ? topic : id;
  const auto offer = [&](std::string_view name) {
    const auto far = distance(lower(wanted), lower(name), kFurthest);
    if (far <= kFurthest && far < wanted.size()) near.emplace_back(far, name);
  };
  for (const auto& one : all_codes()) {
    if (!id.empty()) offer(one.code);
  }
  for (const auto& head : book.heads()) offer(head.id);
  for (const auto& one : all_statuses()) offer(one.name);
  for (const auto& one : all_classes()) offer(one.name);
  for (const auto& one : all_directives()) offer(one.name);
  std::ranges::sort(near);
  std::vector<std::string> names;
  for (const auto& [far, name] : near) {
    if (names.size() < kMost && std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace ahdiag
