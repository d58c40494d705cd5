#include "diagnose/signs.h"

#include <algorithm>

#include "text/ascii.h"
#include "text/path.h"
#include "text/suggest.h"

namespace ahdiag {
namespace {

void set_fact(const FactSpec& spec, std::string_view value, Facts& facts, Problems* problems) {
  auto accepted = Fact::accept(spec, value);
  if (auto* fact = std::get_if<Fact>(&accepted)) {
    facts.insert_or_assign(spec.name, std::move(*fact));
  } else if (problems != nullptr) {
    problems->push_back({"the fact '" + spec.name + "' cannot be '" + std::string(value) + "'", "--fact",
                         std::get<Refusal>(accepted).why, ""});
  }
}

Problem unknown_fact(const Platforms& platforms, const std::string& name) {
  std::string help = "ahdiag platforms lists them";
  for (const auto& spec : platforms.specs) {
    if (distance(name, spec.name, 2) <= 2) help = "did you mean '" + spec.name + "'?";
  }
  return {"there is no fact '" + name + "'", "--fact", "", help};
}

// Where the packaging gives a directory to httpd's own user or group, it goes to the one that --fact names instead.
void follow(const Facts& before, const std::map<std::string, std::string>& given, Facts& facts) {
  for (const std::string account : {"user", "group"}) {
    const auto old = before.find(account);
    if (old == before.end() || !given.contains(account)) continue;
    const Fact fresh = facts.at(account);
    for (auto& [name, fact] : facts) {
      const bool follows =
          fact.type() == FactType::user && fact.value() == old->second.value() && !given.contains(name);
      const bool same_kind = name.ends_with(account == "user" ? "_owner" : "_group");
      if (follows && same_kind) fact = fresh;
    }
  }
}

// /var/run/apache2 is /run/apache2.
bool says_the_same(const FactSpec& spec, std::string_view value, const Facts& facts) {
  const auto known = facts.find(spec.name);
  if (known == facts.end() || spec.type != FactType::path) return false;
  return lies_below(value, known->second.value()) && lies_below(known->second.value(), value);
}

// What the machine's own files say; what is no value of its type is left out.
void set_machine_facts(const Machine& machine, const Platforms& platforms, Facts& facts) {
  const Facts before = facts;
  std::map<std::string, std::string> given;
  for (const auto& one : machine.facts) {
    const auto* spec = platforms.spec(one.name);
    if (spec == nullptr || says_the_same(*spec, one.value, facts)) continue;
    set_fact(*spec, one.value, facts, nullptr);
    if (facts.contains(one.name)) given.emplace(one.name, one.value);
  }
  follow(before, given, facts);
}

void apply(const Variant& variant, Setting& setting) {
  for (const auto& [name, fact] : variant.facts) setting.facts.insert_or_assign(name, fact);
  for (const auto& [module, package] : variant.packages) setting.packages.insert_or_assign(module, package);
  if (!variant.links.empty()) setting.links = variant.links;
}

}  // namespace

void Signs::observe(std::string_view text) {
  table_.texts().find(text, [&](std::uint32_t sign) { seen_[sign] = true; });
}

void Signs::observe_unit(std::string_view text) {
  const auto end = text.find(".service");
  if (!unit_.empty() || end == std::string_view::npos) return;
  auto begin = end;
  while (begin > 0 &&
         (is_alnum(text[begin - 1]) || text[begin - 1] == '-' || text[begin - 1] == '_' || text[begin - 1] == '@'))
    --begin;
  const auto unit = text.substr(begin, end - begin);
  if (contains(unit, "httpd") || contains(unit, "apache")) unit_ = unit;
}

template <typename Fits>
Signs::Verdict Signs::heaviest(Fits fits) const {
  struct Sum {
    std::string_view id;
    int weight = 0;
  };
  const auto signs = table_.signs();
  std::vector<Sum> sums;
  const auto id_of = [](const SignHead& sign) { return sign.variant.empty() ? sign.platform : sign.variant; };
  for (std::size_t i = 0; i < signs.size(); ++i) {
    if (!seen_[i] || !fits(signs[i])) continue;
    auto sum = std::ranges::find(sums, id_of(signs[i]), &Sum::id);
    if (sum == sums.end()) sum = sums.insert(sums.end(), {id_of(signs[i])});
    sum->weight += signs[i].weight;
  }
  const auto best = std::ranges::max_element(sums, {}, &Sum::weight);
  if (best == sums.end() || best->weight <= 0) return {};
  Verdict verdict{std::string(best->id), {}};
  for (std::size_t i = 0; i < signs.size(); ++i) {
    if (seen_[i] && fits(signs[i]) && id_of(signs[i]) == best->id) verdict.evidence.emplace_back(signs[i].text);
  }
  return verdict;
}

Signs::Verdict Signs::platform() const {
  return heaviest([](const SignHead& sign) { return sign.variant.empty(); });
}

Signs::Verdict Signs::variant_of(const Platform& platform) const {
  return heaviest([&](const SignHead& sign) { return !sign.variant.empty() && sign.platform == platform.id; });
}

Setting choose_setting(const Platforms& platforms, const Signs& signs, const SettingOptions& options,
                       Problems& problems) {
  Setting setting;
  setting.platforms = &platforms;
  if (auto shown = signs.platform(); !shown.id.empty()) {
    setting.platform = shown.id;
    setting.source = "log";
    setting.evidence = std::move(shown.evidence);
  }
  if (options.machine != nullptr && !options.machine->platform.empty()) {
    setting.platform = options.machine->platform;
    setting.source = "host";
    setting.evidence = options.machine->evidence;
  }
  if (!options.platform.empty()) {
    setting.platform = options.platform;
    setting.source = "option";
    setting.evidence.clear();
  }
  const Platform* home = platforms.find(setting.platform);
  if (home == nullptr) {
    home = platforms.find_home_of(setting.platform);
    setting.variant = home == nullptr ? "" : setting.platform;
  }
  if (home == nullptr) {
    problems.push_back(
        {"there is no platform '" + setting.platform + "'", "--platform", "", "ahdiag platforms lists them"});
    return setting;
  }
  setting.platform = home->id;
  setting.abi = home->abi;
  setting.facts = home->facts;
  setting.packages = home->packages;
  setting.links = home->links;
  if (setting.variant.empty()) setting.variant = signs.variant_of(*home).id;
  for (const auto& variant : home->variants) {
    if (variant.id == setting.variant) apply(variant, setting);
  }
  if (const auto* spec = platforms.spec("service"); spec != nullptr && !signs.unit().empty()) {
    set_fact(*spec, signs.unit(), setting.facts, nullptr);
  }
  if (options.machine != nullptr) set_machine_facts(*options.machine, platforms, setting.facts);
  if (const auto* spec = platforms.spec("persist"); spec != nullptr && !options.persist.empty()) {
    set_fact(*spec, options.persist, setting.facts, &problems);
  }
  const Facts before = setting.facts;
  for (const auto& [name, value] : options.facts) {
    const auto* spec = platforms.spec(name);
    if (spec == nullptr) {
      problems.push_back(unknown_fact(platforms, name));
    } else {
      set_fact(*spec, value, setting.facts, &problems);
    }
  }
  follow(before, options.facts, setting.facts);
  return setting;
}

}  // namespace ahdiag
