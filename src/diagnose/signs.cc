#include "diagnose/signs.h"

#include "text/ascii.h"
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

}  // namespace

Signs::Signs(const Platforms& platforms) : platforms_(&platforms) {
  for (const auto& platform : platforms.list) seen_.emplace_back(platform.signs.size(), false);
}

void Signs::observe(std::string_view text) {
  for (std::size_t i = 0; i < platforms_->list.size(); ++i) {
    const auto& signs = platforms_->list[i].signs;
    for (std::size_t j = 0; j < signs.size(); ++j) {
      if (!seen_[i][j] && contains(text, signs[j].text)) seen_[i][j] = true;
    }
  }
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

Signs::Verdict Signs::verdict() const {
  Verdict best;
  int most = 0;
  for (std::size_t i = 0; i < platforms_->list.size(); ++i) {
    const auto& platform = platforms_->list[i];
    int weight = 0;
    std::vector<std::string> evidence;
    for (std::size_t j = 0; j < platform.signs.size(); ++j) {
      if (!seen_[i][j]) continue;
      weight += platform.signs[j].weight;
      evidence.push_back(platform.signs[j].text);
    }
    if (weight <= most) continue;
    most = weight;
    best = {platform.id, std::move(evidence)};
  }
  return best;
}

Setting choose_setting(const Platforms& platforms, const Signs& signs, const SettingOptions& options,
                       Problems& problems) {
  Setting setting;
  auto verdict = signs.verdict();
  if (!verdict.platform.empty()) {
    setting.platform = verdict.platform;
    setting.source = "log";
    setting.evidence = std::move(verdict.evidence);
  }
  if (!options.platform.empty()) {
    setting.platform = options.platform;
    setting.source = "option";
    setting.evidence.clear();
  }
  setting.home = platforms.find(setting.platform);
  if (setting.home == nullptr) {
    std::vector<std::string> ids;
    for (const auto& one : platforms.list) ids.push_back(one.id);
    problems.push_back(
        {"there is no platform '" + setting.platform + "'", "--platform", "", "one of " + join(ids, ", ")});
    return setting;
  }
  setting.abi = setting.home->abi;
  setting.facts = setting.home->facts;
  if (const auto* spec = platforms.spec("service"); spec != nullptr && !signs.unit().empty()) {
    set_fact(*spec, signs.unit(), setting.facts, nullptr);
  }
  if (const auto* spec = platforms.spec("persist"); spec != nullptr && !options.persist.empty()) {
    set_fact(*spec, options.persist, setting.facts, &problems);
  }
  for (const auto& [name, value] : options.facts) {
    const auto* spec = platforms.spec(name);
    if (spec == nullptr) {
      problems.push_back(unknown_fact(platforms, name));
    } else {
      set_fact(*spec, value, setting.facts, &problems);
    }
  }
  return setting;
}

}  // namespace ahdiag
