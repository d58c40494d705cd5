#include "diagnose/scope.h"

#include <algorithm>

#include "text/path.h"
#include "text/shell.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

template <typename Map>
auto* find_in(Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

bool has_value(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

const Slot* Scope::slot(std::string_view name) const { return find_in(slots_, name); }
const Refused* Scope::refused(std::string_view name) const { return find_in(refused_, name); }

const Fact* Scope::fact(std::string_view name) const {
  const Fact* own = find_in(facts_, name);
  return own != nullptr ? own : find_in(setting_->facts, name);
}

Scope Scope::with(const std::map<std::string, Template>& parameters) const {
  Scope inner = *this;
  for (const auto& [parameter, text] : parameters) {
    const auto name = text.sole_hole();
    inner.slots_.erase(parameter);
    inner.refused_.erase(parameter);
    if (const Slot* one = slot(name)) {
      inner.put(parameter, *one);
    } else if (const Refused* why = refused(name)) {  // no fact of that name stands for it: it is about another thing
      inner.refuse(parameter, *why);
    } else if (const Fact* one_fact = fact(name)) {
      inner.set(parameter, *one_fact);
    } else {
      inner.refuse(parameter, {std::string(name), "nothing tells it"});
    }
  }
  return inner;
}

bool Scope::holds(const Condition& condition) const {
  return std::all_of(condition.tests.begin(), condition.tests.end(),
                     [&](const Condition::Test& test) { return holds(test); });
}

bool Scope::holds(const Condition::Test& test) const {
  using Kind = Condition::Kind;
  const auto accepted = [&](const std::string& name) { return slot(name) != nullptr; };
  const auto known = [&](const std::string& name) { return slot(name) != nullptr || fact(name) != nullptr; };
  const auto any_below = [&](const std::string& path) {
    return std::ranges::any_of(test.texts, [&](const Template& text) { return lies_below(path, prose(text)); });
  };
  const auto is_on_volatile = [&](const std::string& name) { return known(name) && is_volatile(value(name)); };
  switch (test.kind) {
    case Kind::errno_: return has_value(test.values, errno_.empty() ? "none" : errno_);
    case Kind::platform: return has_value(test.values, setting_->platform);
    case Kind::has: return std::all_of(test.values.begin(), test.values.end(), accepted);
    case Kind::lacks: return std::none_of(test.values.begin(), test.values.end(), accepted);
    case Kind::slot: return known(test.name) && has_value(test.values, value(test.name));
    case Kind::below: return known(test.name) && any_below(value(test.name));
    case Kind::is_volatile: return std::all_of(test.values.begin(), test.values.end(), is_on_volatile);
    case Kind::seen:
      return std::any_of(test.values.begin(), test.values.end(),
                         [&](const std::string& one) { return seen_->contains(one); });
    case Kind::speaker: return has_value(test.values, by_server_ ? "server" : "client");
    case Kind::count: return count_ >= test.least;
    case Kind::not_:
      return std::none_of(test.inner.begin(), test.inner.end(), [&](const Condition& one) { return holds(one); });
    case Kind::fact: return fact(test.name) != nullptr && has_value(test.values, fact(test.name)->value());
  }
  return false;
}

// "the main configuration file", where nobody has said which it is.
std::string Scope::description(std::string_view name) const {
  const FactSpec* spec = setting_->platforms == nullptr ? nullptr : setting_->platforms->spec(name);
  if (spec == nullptr) return "(unknown " + std::string(name) + ")";
  return (spec->type == FactType::command ? "the command that " : "the ") + spec->help;
}

// For people only; a command is shown as a line.
std::string Scope::value(std::string_view name) const {
  if (const Slot* one = slot(name)) return printable(one->value());
  if (const Refused* why = refused(name)) return why->logged;
  const Fact* one = fact(name);
  if (one == nullptr) return description(name);
  if (one->type() != FactType::command) return one->value();
  std::string line;
  for (const auto& word : one->words()) line += (line.empty() ? "" : " ") + shell_word(prose(word));
  return line;
}

bool Scope::fills(const Template& text) const {
  return std::ranges::all_of(text.parts(), [&](const Template::Part& part) {
    return !part.hole || slot(part.text) != nullptr || refused(part.text) != nullptr || fact(part.text) != nullptr;
  });
}

std::string Scope::prose(const Template& text) const {
  std::string all;
  for (const auto& part : text.parts()) all += part.hole ? value(part.text) : part.text;
  return all;
}

}  // namespace ahdiag
