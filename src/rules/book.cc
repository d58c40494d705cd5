#include "rules/book.h"

#include <algorithm>
#include <iterator>

#include "rules/embedded.h"
#include "text/ascii.h"
#include "text/path.h"
#include "text/processors.h"

namespace ahdiag {
namespace {

bool is_rule_file(std::string_view name) { return name.ends_with(".json") && !name.ends_with(".schema.json"); }
bool is_remedy_file(std::string_view name) { return name.starts_with("remedies/") || contains(name, "/remedies/"); }
// "remedies/daemon-user.json" -> "daemon-user"
std::string_view stem(std::string_view file) {
  const auto name = name_of(file);
  return name.substr(0, name.rfind('.'));
}

bool is_platforms_file(std::string_view name) { return name == "platforms.json" || name.ends_with("/platforms.json"); }

constexpr std::string_view kAnyId = "*";
constexpr std::size_t kFew = 3;  // rules of an id

// The body of a configuration error may stand alone, where only the reason was pasted.
bool is_bare(const Entry& entry) { return entry.code.empty() && !entry.header && entry.speaker == Speaker::server; }

bool speaks(const Rule& rule, const Entry& entry) {
  RuleMatch match;
  return try_rule(rule, entry, match) == Stop::nowhere;
}

// Heads whose literals a text holds, each once, in the order of ids.
void add_held(const Literals& literals, std::string_view text, std::vector<std::uint32_t>& heads) {
  const std::size_t before = heads.size();
  literals.find(text, [&](std::uint32_t head) { heads.push_back(head); });
  if (heads.size() < before + 2) return;
  const auto begin = heads.begin() + static_cast<std::ptrdiff_t>(before);
  std::sort(begin, heads.end());
  heads.erase(std::unique(begin, heads.end()), heads.end());
}

HeadIndex built_in_index() {
  const HeadTables& tables = head_tables();
  return {CodeTable(tables.by_code),
          Literals(tables.by_text),
          Literals(tables.by_body),
          {tables.by_any_body.begin(), tables.by_any_body.end()}};
}

std::vector<std::string_view> views(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

}  // namespace

RuleBook RuleBook::load(const std::vector<RuleFile>& more, Problems& problems) {
  RuleBook book;
  for (const auto& file : more) book.add(file, problems);
  book.index();
  return book;
}

void RuleBook::add(const RuleFile& file, Problems& problems) {
  if (!is_rule_file(file.name)) return;
  if (!file.trusted) given_texts_.insert_or_assign(file.name, file.text);
  if (is_platforms_file(file.name)) {
    if (auto platforms = read_platforms(file, problems)) given_platforms_ = std::move(*platforms);
  } else if (is_remedy_file(file.name)) {
    if (auto remedy = read_remedy(file, problems)) remedies_.insert_or_assign(remedy->name, std::move(*remedy));
  } else if (auto rule = read_rule(file, problems)) {
    given_.insert_or_assign(rule->id, std::move(*rule));
  }
}

// The head of a rule that was given, in words that live as long as the book.
void RuleBook::add_rule(const Rule& rule) {
  const auto keep = [&](std::vector<std::string_view> words) -> const std::vector<std::string_view>& {
    return given_words_.emplace_back(std::move(words));
  };
  std::vector<std::string_view> consequences;
  for (const auto& one : rule.consequences) consequences.emplace_back(one.code.empty() ? one.rule : one.code);
  own_heads_.push_back({rule.id,
                        rule.file,
                        keep(views(rule.match.codes)),
                        keep(views(rule.match.contains)),
                        keep(std::move(consequences)),
                        {},
                        rule.match.within_config_error,
                        rule.fallback,
                        rule.summary});
}

// The heads compiled in, but for those that others were given for.
void RuleBook::replace_heads() {
  for (const auto& head : rule_index()) {
    if (!given_.contains(head.id)) own_heads_.push_back(head);
  }
  for (const auto& [id, rule] : given_) add_rule(rule);
  std::ranges::sort(own_heads_, {}, &RuleHead::id);
}

// What is compiled in has its index, too: nothing is gone through where no rule was given.
void RuleBook::index() {
  if (!given_.empty()) replace_heads();
  heads_ = given_.empty() ? rule_index() : own_heads_;
  index_ = given_.empty() ? built_in_index() : index_of(heads_);
  of_any_id_ = index_.by_code.find(kAnyId);
  signs_ = given_platforms_ ? SignTable(*given_platforms_) : SignTable(platform_index());
  rules_.resize(heads_.size());
  ready_ = std::vector<std::atomic<const Rule*>>(heads_.size());
  prepared_ = std::vector<std::atomic<bool>>(heads_.size());
  has_examples_.resize(heads_.size());
}

const Rule& RuleBook::read(std::size_t head) const {
  if (const Rule* rule = ready_[head].load(std::memory_order_acquire)) return *rule;
  const auto lock = lock_awake(*reading_);
  auto& rule = rules_[head];
  if (!rule) rule = std::make_unique<Rule>(make(heads_[head]));
  ready_[head].store(rule.get(), std::memory_order_release);
  return *rule;
}

// Of many that are read, no entry ever comes as far as the expression.
const Rule& RuleBook::prepared(std::size_t head) const {
  Rule& rule = *rules_[head];
  if (prepared_[head].load(std::memory_order_acquire)) return rule;
  const auto lock = lock_awake(*reading_);
  if (!prepared_[head].load(std::memory_order_relaxed)) rule.prepare();
  prepared_[head].store(true, std::memory_order_release);
  return rule;
}

Rule RuleBook::make(const RuleHead& head) const {
  if (const auto given = given_.find(head.id); given != given_.end()) return given->second;
  Problems problems;  // none: the index was made of this text
  return read_rule({std::string(head.file), head.json, true}, problems).value_or(Rule{});
}

// With its examples, too. The rest stays where it is: somebody may point to it.
const Rule& RuleBook::read_whole(std::size_t head) const {
  static_cast<void>(read(head));
  Rule& rule = *rules_[head];
  if (has_examples_[head] || heads_[head].json.empty()) return rule;
  has_examples_[head] = true;
  Problems problems;
  if (auto whole = read_rule({rule.file, embedded_file(rule.file), true}, problems))
    rule.examples = std::move(whole->examples);
  return rule;
}

// Of the many rules for an id that only passes on what others say, those whose literals the message holds, and those
// without any.
void RuleBook::add_of_code(std::span<const std::uint32_t> heads, std::string_view message, RuleMatch& match) const {
  if (heads.size() <= kFew) {
    match.candidates.insert(match.candidates.end(), heads.begin(), heads.end());
    return;
  }
  if (match.bare_of != heads.data()) {
    match.bare_of = heads.data();
    match.bare.clear();
    std::ranges::copy_if(heads, std::back_inserter(match.bare), [&](auto i) { return heads_[i].contains.empty(); });
  }
  match.held.clear();
  add_held(index_.by_text, message, match.held);
  std::erase_if(match.held, [&](std::uint32_t i) { return !std::ranges::binary_search(heads, i); });
  std::ranges::merge(match.held, match.bare, std::back_inserter(match.candidates));  // all are in the order of ids
}

// What an id has few rules for, it has them whatever the message says.
void RuleBook::find_candidates(const Entry& entry, RuleMatch& match) const {
  auto& candidates = match.candidates;
  const std::uint64_t id = entry.config ? 0 : letters_of(entry.code);
  if (id != 0 && match.candidates_of == id) return;
  const auto heads = index_.by_code.find(entry.code);
  match.candidates_of = heads.size() <= kFew ? id : 0;
  candidates.clear();
  if (entry.config) candidates = index_.by_any_body;
  if (entry.config || is_bare(entry))
    add_held(index_.by_body, entry.config ? entry.config->body : entry.message, candidates);
  std::ranges::sort(candidates);
  if (entry.code.empty()) add_held(index_.by_text, entry.message, candidates);
  add_of_code(heads, entry.message, match);
  if (!entry.code.empty()) candidates.insert(candidates.end(), of_any_id_.begin(), of_any_id_.end());
}

// Specific rules before fallbacks, and both before those of any id; each in the order of ids. Ends where visit says so.
template <typename Visit>
void RuleBook::for_each_candidate(const Entry& entry, RuleMatch& match, Visit visit) const {
  find_candidates(entry, match);
  for (const bool fallback : {false, true}) {
    for (const auto i : match.candidates) {
      if (heads_[i].fallback == fallback && !visit(i)) return;
    }
  }
}

std::optional<RuleMatch> RuleBook::match(const Entry& entry) const {
  RuleMatch found;
  return match(entry, found) ? std::optional(std::move(found)) : std::nullopt;
}

bool RuleBook::match(const Entry& entry, RuleMatch& match) const {
  bool found = false;
  for_each_candidate(entry, match, [&](std::size_t head) {
    found = try_marks(read(head), entry) == Stop::nowhere && try_expression(prepared(head), entry, match);
    return !found;
  });
  if (found) return true;
  match.rule = nullptr;
  match.texts.clear();
  return false;
}

std::vector<const Rule*> RuleBook::claims(const Entry& entry) const {
  std::vector<const Rule*> specific, fallback, generic;
  RuleMatch match;
  for_each_candidate(entry, match, [&](std::size_t head) {
    const Rule& rule = read(head);
    auto& rank = !rule.fallback ? specific : rule.match.takes_any_id() ? generic : fallback;
    if (speaks(rule, entry)) rank.push_back(&rule);
    return true;
  });
  return !specific.empty() ? specific : !fallback.empty() ? fallback : generic;
}

std::vector<std::pair<const Rule*, Stop>> RuleBook::trials(const Entry& entry) const {
  std::vector<std::pair<const Rule*, Stop>> all;
  RuleMatch match;
  for_each_candidate(entry, match, [&](std::size_t head) {
    const Rule& rule = read(head);
    all.emplace_back(&rule, try_rule(rule, entry, match));
    return true;
  });
  return all;
}

std::string_view RuleBook::text_of(std::string_view file) const {
  const auto given = given_texts_.find(file);
  return given == given_texts_.end() ? embedded_file(file) : given->second;
}

const Platforms& RuleBook::platforms() const {
  if (given_platforms_) return *given_platforms_;
  Problems problems;  // none: the index was made of this text
  if (!platforms_) platforms_ = read_platforms({"platforms.json", embedded_file("platforms.json"), true}, problems);
  return *platforms_;
}

const Platforms& RuleBook::platforms_for(std::string_view id) const {
  const auto& index = platform_index();
  const auto is_of = [](const PlatformText& one, std::string_view name) {
    return one.id == name || std::ranges::find(one.variants, name) != one.variants.end();
  };
  const auto home = std::ranges::find_if(index.platforms, [&](const auto& one) { return is_of(one, id); });
  if (given_platforms_ || (home == index.platforms.end() && !id.empty())) return platforms();
  if (const auto known = platforms_of_.find(id); known != platforms_of_.end()) return known->second;
  std::string text = "{\"facts\": " + std::string(index.facts) + ", \"platforms\": [";
  for (const auto& one : index.platforms) {
    if (one.id != "generic" && !is_of(one, id)) continue;
    if (!text.ends_with('[')) text += ", ";
    text += one.json;
  }
  Problems problems;
  auto platforms = read_platforms({"platforms.json", text + "]}", true}, problems);
  return platforms_of_.emplace(id, std::move(*platforms)).first->second;
}

Rules RuleBook::rules() const {
  for (std::size_t i = 0; i < heads_.size(); ++i) static_cast<void>(read_whole(i));
  return Rules(rules_);
}

const Rule* RuleBook::rule(std::string_view id) const {
  const auto found = std::lower_bound(heads_.begin(), heads_.end(), id,
                                      [](const RuleHead& head, std::string_view key) { return head.id < key; });
  return found != heads_.end() && found->id == id ? &read_whole(static_cast<std::size_t>(found - heads_.begin()))
                                                  : nullptr;
}

const Remedy* RuleBook::remedy(std::string_view name) const {
  const auto lock = lock_awake(*reading_);
  if (const auto known = remedies_.find(name); known != remedies_.end()) return &known->second;
  const std::string file = "remedies/" + std::string(name) + ".json";
  Problems problems;
  auto remedy = embedded_file(file).empty() ? std::nullopt : read_remedy({file, embedded_file(file), true}, problems);
  return remedy ? &remedies_.emplace(name, std::move(*remedy)).first->second : nullptr;
}

const std::map<std::string, Remedy, std::less<>>& RuleBook::remedies() const {
  for (const auto& file : embedded_files()) {
    if (is_remedy_file(file.name)) static_cast<void>(remedy(stem(file.name)));
  }
  return remedies_;
}

}  // namespace ahdiag
