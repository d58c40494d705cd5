#include "diagnose/evidence.h"

#include <algorithm>
#include <forward_list>

#include "rules/tables.h"
#include "text/ascii.h"
#include "text/path.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestEvidence = 4096;

// Offsets of a part within the printable form of the whole.
void add_span(Evidence& evidence, std::string_view whole, std::string_view part, std::string what) {
  if (part.empty() || part.data() < whole.data() || part.data() + part.size() > whole.data() + whole.size()) return;
  const auto offset = static_cast<std::size_t>(part.data() - whole.data());
  const bool same = evidence.text.size() == whole.size();  // nothing grew
  const auto size_of = [&](std::string_view text) { return same ? text.size() : printable(text).size(); };
  const std::size_t start = size_of(whole.substr(0, offset));
  evidence.spans.push_back({std::move(what), start, start + size_of(part)});
}

std::string_view status_part(const Entry& entry) {
  if (!entry.status || entry.status->text.data() == nullptr) return {};
  const char* begin = entry.status->text.data();
  while (begin > entry.text.data() && *begin != '(') --begin;
  const bool numbered = *begin == '(' && begin + 24 > entry.status->text.data();
  if (!numbered) begin = entry.status->text.data();
  return {begin, static_cast<std::size_t>(entry.status->text.data() + entry.status->text.size() - begin)};
}

Evidence evidence_of(const Entry& entry, const RuleMatch& match) {
  Evidence evidence;
  evidence.place = entry.place;
  evidence.time = entry.time;
  evidence.pid = entry.pid;
  const auto whole = entry.text.substr(0, kLongestEvidence);
  evidence.text = printable(whole);
  add_span(evidence, whole, status_part(entry), "errno");
  add_span(evidence, whole, entry.code, "code");
  match.for_each_slot([&](std::string_view name, std::string_view text) {
    add_span(evidence, whole, text, name == match.rule->path ? "path" : std::string(name));
  });
  std::sort(evidence.spans.begin(), evidence.spans.end(),
            [](const Span& a, const Span& b) { return a.start < b.start; });
  return evidence;
}

// "httpd.pid.HJPr60" -> "httpd.pid": what mkstemp appended.
std::string_view without_suffix(std::string_view path) {
  const auto dot = path.rfind('.');
  const bool random =
      dot != std::string_view::npos && path.size() - dot == 7 && path.find('/', dot) == std::string_view::npos;
  return random ? path.substr(0, dot) : path;
}

std::string derive(Derivation::Kind kind, const std::string& from) {
  using Kind = Derivation::Kind;
  switch (kind) {
    case Kind::dirname: return std::string(directory_of(from));
    case Kind::basename: return std::string(name_of(from));
    case Kind::port_of: return std::string(port_of(from));
    case Kind::without_suffix: return std::string(without_suffix(from));
    case Kind::suggest: return find_directive(from) == nullptr ? suggest_directive(from).value_or("") : "";
    case Kind::none:
    case Kind::resolve:
    case Kind::real:
    case Kind::package_of: return {};
    case Kind::module_of:
    case Kind::contexts_of:
    case Kind::override_of:
    case Kind::replacement_of: break;
  }
  const Directive* directive = find_directive(from);
  if (directive == nullptr) return {};
  if (kind == Kind::contexts_of) return std::string(directive->contexts);
  if (kind == Kind::override_of) return std::string(directive->override_ == "-" ? "" : directive->override_);
  if (kind == Kind::replacement_of) return std::string(directive->replacement);
  return std::string(directive->module == "-" ? "" : directive->module);
}

// Which part of httpd speaks: the log says it, or the catalogue.
std::string area_of(const Entry& entry) {
  const auto facts = find_code(entry.code);
  const auto module = entry.module.empty() && facts ? facts->module : entry.module;
  return module.empty() ? "httpd" : module_in_words(module);
}

// Slots that every entry with an id has, for rules that declare them.
void add_given(const Entry& entry, const Rule* rule, Captures& captures) {
  if (rule == nullptr || entry.code.empty()) return;
  if (rule->slot("code") != nullptr) captures.emplace("code", entry.code);
  if (rule->slot("area") != nullptr) captures.emplace("area", area_of(entry));
}

// Where a rule's slots find their texts in one entry.
class SlotTexts {
 public:
  SlotTexts(const Entry& entry, const RuleMatch& match) : entry_(&entry), match_(&match) {}

  // Empty where nothing tells it.
  std::string_view text(std::string_view name, int depth = 0) {
    constexpr int kDeepest = 3;  // a derived slot of a derived slot
    std::string_view found;
    match_->for_each_slot([&](std::string_view slot, std::string_view words) {
      if (found.empty() && slot == name) found = words;
    });
    if (!found.empty()) return found;
    if (entry_->config && name == "config_file") return entry_->config->file;
    if (entry_->config && name == "config_line" && entry_->config->line > 0)
      return made_.emplace_front(std::to_string(entry_->config->line));
    const SlotSpec* slot = match_->rule->slot(name);
    if (slot != nullptr && name == "code") return entry_->code;
    if (slot != nullptr && name == "area" && !entry_->code.empty()) return made_.emplace_front(area_of(*entry_));
    if (slot == nullptr || slot->derived.kind == Derivation::Kind::none || depth == kDeepest) return {};
    const auto from = text(slot->derived.from, depth + 1);
    return from.empty() ? from : made_.emplace_front(derive(slot->derived.kind, std::string(from)));
  }

 private:
  const Entry* entry_;
  const RuleMatch* match_;
  std::forward_list<std::string> made_;
};

std::optional<Status> status_of(const Entry& entry, const Rule* rule, std::string_view words) {
  if (entry.status || rule == nullptr || words.empty()) return entry.status;
  return status_of_words(words);
}

}  // namespace

std::string_view port_of(std::string_view address) {
  const auto colon = address.rfind(':');
  return colon == std::string_view::npos ? std::string_view() : address.substr(colon + 1);
}

void derive_captures(const Rule& rule, Captures& captures) {
  // A derivation may start from a derived slot that stands above it in the file; two rounds serve every order of two.
  for (int round = 0; round < 2; ++round) {
    for (const auto& slot : rule.slots) {
      const auto from = captures.find(slot.derived.from);
      if (slot.derived.kind == Derivation::Kind::none || from == captures.end() || captures.contains(slot.name))
        continue;
      std::string text = derive(slot.derived.kind, from->second);
      if (!text.empty()) captures.emplace(slot.name, std::move(text));
    }
  }
}

void append_key(const Entry& entry, const RuleMatch& match, std::string& key) {
  const Rule& rule = *match.rule;
  SlotTexts slots(entry, match);
  key += rule.id;
  for (const auto& part : rule.key_parts()) {
    key += '\x1f';
    if (part.name != "errno") {
      const auto own =
          std::ranges::find_if(part.groups, [&](std::size_t group) { return !match.texts[group].empty(); });
      if (own != part.groups.end()) {
        key += match.texts[*own];
      } else if (part.elsewhere) {
        key += slots.text(part.name);
      }
    } else if (const auto status = status_of(entry, &rule, rule.status.empty() ? "" : slots.text(rule.status))) {
      key += std::to_string(status->number);
    }
  }
}

void append_shape(std::string_view message, std::string& shape) {
  constexpr std::size_t kLongestShape = 60;
  bool number = false;
  for (const char c : message.substr(0, kLongestShape)) {
    if (c == '\'' || c == '"' || c == '/') return;
    if (!number || !is_digit(c)) shape += is_digit(c) ? '#' : c;
    number = is_digit(c);
  }
}

Evidence evidence_of_last(const RuleBook& book, const LastEntry& last) {
  Entry entry = parse_entry(last.line());
  entry.place = last.place;
  entry.time = last.time;
  return evidence_of(entry, book.match(entry).value_or(RuleMatch{}));
}

void lend(const ConsequenceSpec& spec, const Incident& from, Incident& root) {
  for (const auto& name : spec.lends) {
    const SlotSpec* slot = root.rule->slot(name);
    const auto text = from.captures.find(name);
    if (name == "errno" && !root.status) root.status = from.status;
    if (slot == nullptr || text == from.captures.end() || (slot->from_server && !from.by_server)) continue;
    root.captures.emplace(name, text->second);
  }
}

Incident incident_of(const Entry& entry, const RuleMatch& match) {
  Incident incident;
  incident.rule = match.rule;
  match.for_each_slot([&](std::string_view name, std::string_view text) { incident.captures.emplace(name, text); });
  if (entry.config && !entry.config->file.empty()) incident.captures.emplace("config_file", entry.config->file);
  if (entry.config && entry.config->line > 0)
    incident.captures.emplace("config_line", std::to_string(entry.config->line));
  add_given(entry, match.rule, incident.captures);
  const auto words = incident.captures.find(match.rule == nullptr ? std::string_view() : match.rule->status);
  const auto status = status_of(
      entry, match.rule, words == incident.captures.end() ? std::string_view() : std::string_view(words->second));
  if (status) incident.status = StatusRecord{status->kind, status->number, std::string(status->text)};
  incident.code = entry.code;
  incident.module = entry.module;
  incident.by_server = entry.speaker == Speaker::server;
  incident.in_htaccess = entry.config && entry.config->in_htaccess;
  incident.level = entry.level;
  incident.level_word = level_name(entry);
  incident.evidence.push_back(evidence_of(entry, match));
  incident.count = 1;
  incident.first = incident.last = entry.time;
  if (match.rule != nullptr) {
    derive_captures(*match.rule, incident.captures);
    append_key(entry, match, incident.key);
  }
  return incident;
}

}  // namespace ahdiag
