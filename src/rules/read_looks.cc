#include "rules/read_looks.h"

#include <algorithm>

namespace ahdiag {
namespace {

void read_arguments(const Node& node, const LookForm& form, Look& look) {
  if (!node.is_object()) {
    look.arguments[std::string(form.main)] = node.templates();
    if (form.required > 0) node.problem("the look '" + std::string(form.name) + "' needs an object of its arguments");
    return;
  }
  std::vector<std::string_view> names = {form.main};
  for (const auto name : form.more) {
    if (!name.empty()) names.push_back(name);
  }
  node.only(names);
  node.each_member([&](const std::string& name, const Node& value) { look.arguments[name] = value.templates(); });
  for (std::size_t i = 0; i <= form.required; ++i) {
    if (!look.arguments.contains(names[i]))
      node.problem("the look '" + std::string(form.name) + "' needs '" + std::string(names[i]) + "'");
  }
}

void read_look(const Node& node, bool negated, std::vector<Look>& all) {
  node.each_member([&](const std::string& name, const Node& value) {
    if (name == "not") return read_look(value, !negated, all);
    const LookForm* form = look_form(name);
    if (form == nullptr) return value.problem("there is no look '" + name + "'", "", "docs/rules.md lists them");
    Look look{form->kind, negated, {}};
    read_arguments(value, *form, look);
    all.push_back(std::move(look));
  });
}

}  // namespace

std::vector<Look> read_looks(const Node& node, const std::string& name) {
  std::vector<Look> all;
  node.member(name, [&](const Node& list) { list.each([&](const Node& one) { read_look(one, false, all); }); });
  return all;
}

}  // namespace ahdiag
