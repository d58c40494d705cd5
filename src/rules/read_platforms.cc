#include <utility>

#include "rules/node.h"
#include "rules/read.h"
#include "rules/read_steps.h"

namespace ahdiag {
namespace {

void read_fact(const std::string& name, const Node& node, const Platforms& platforms, Facts& facts) {
  const FactSpec* spec = platforms.spec(name);
  if (spec == nullptr) return node.problem("unknown fact '" + name + "'", "", "describe it under 'facts' first");
  if (spec->type == FactType::command) {
    facts.insert_or_assign(name, Fact::command(node.argv()));
    return;
  }
  auto accepted = Fact::accept(*spec, node.string());
  if (const auto* refusal = std::get_if<Refusal>(&accepted))
    return node.problem("'" + node.string() + "' is no " + std::string(type_name(spec->type)), refusal->why);
  facts.insert_or_assign(name, std::get<Fact>(std::move(accepted)));
}

Abi read_abi(const Node& node) {
  const auto name = node.string("abi", "linux");
  if (name == "bsd") return Abi::bsd;
  if (name == "windows") return Abi::windows;
  if (name != "linux") node.problem("unknown abi '" + name + "'", "", "linux, bsd or windows");
  return Abi::linux_;
}

std::vector<Sign> read_signs(const Node& node) {
  std::vector<Sign> signs;
  node.member("signs", [&](const Node& list) {
    list.each([&](const Node& sign) {
      int weight = 0;
      sign.required("weight", [&](const Node& value) { weight = value.integer(); });
      signs.push_back({sign.required_string("text"), weight});
    });
  });
  return signs;
}

Facts read_facts(const Node& node, const Platforms& platforms) {
  Facts all;
  node.member("facts", [&](const Node& facts) {
    facts.each_member([&](const std::string& name, const Node& value) { read_fact(name, value, platforms, all); });
  });
  return all;
}

Packages read_packages(const Node& node) {
  Packages packages;
  node.member("modules", [&](const Node& modules) {
    modules.each_member([&](const std::string& name, const Node& module) {
      if (module.has("package")) packages[name] = module.string("package");
    });
  });
  return packages;
}

Links read_links(const Node& node) {
  Links links;
  for (auto& [from, to] : read_map(node, "links")) links.emplace(from, to);
  return links;
}

Platform read_platform(const Node& node, const Platforms& platforms) {
  Platform platform;
  node.only({"id", "name", "abi", "signs", "systems", "facts", "modules", "links", "notes", "variants"});
  platform.id = node.required_string("id");
  platform.name = node.required_string("name");
  platform.abi = read_abi(node);
  platform.signs = read_signs(node);
  platform.systems = node.strings("systems");
  platform.facts = read_facts(node, platforms);
  platform.packages = read_packages(node);
  platform.links = read_links(node);
  node.member("variants", [&](const Node& list) {
    list.each([&](const Node& one) {
      one.only({"id", "name", "signs", "facts", "modules", "links", "notes"});
      platform.variants.push_back({one.required_string("id"), one.required_string("name"), read_signs(one),
                                   read_facts(one, platforms), read_packages(one), read_links(one)});
    });
  });
  return platform;
}

FactSpec read_fact_spec(const std::string& name, const Node& node) {
  FactSpec spec;
  node.only({"type", "choices", "help"});
  spec.name = name;
  const auto type = fact_type(node.required_string("type"));
  if (!type) node.problem("unknown type of fact");
  spec.type = type.value_or(FactType::word);
  spec.choices = node.strings("choices");
  spec.help = node.string("help");
  return spec;
}

}  // namespace

const FactSpec* Platforms::spec(std::string_view fact) const {
  for (const auto& one : specs) {
    if (one.name == fact) return &one;
  }
  return nullptr;
}

const Platform* Platforms::find(std::string_view id) const {
  for (const auto& one : list) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const Platform* Platforms::find_home_of(std::string_view variant) const {
  for (const auto& one : list) {
    for (const auto& other : one.variants) {
      if (other.id == variant) return &one;
    }
  }
  return nullptr;
}

std::vector<SignHead> signs_of(const Platforms& platforms) {
  std::vector<SignHead> all;
  for (const auto& platform : platforms.list) {
    for (const auto& sign : platform.signs) all.push_back({sign.text, sign.weight, platform.id, {}});
    for (const auto& variant : platform.variants) {
      for (const auto& sign : variant.signs) all.push_back({sign.text, sign.weight, platform.id, variant.id});
    }
  }
  return all;
}

std::optional<Platforms> read_platforms(const RuleFile& file, Problems& problems) {
  return read<Platforms>(file, problems, [&](const Node& node, Platforms& platforms) {
    node.only({"facts", "platforms"});
    node.required("facts", [&](const Node& facts) {
      facts.each_member(
          [&](const std::string& name, const Node& spec) { platforms.specs.push_back(read_fact_spec(name, spec)); });
    });
    node.required("platforms", [&](const Node& list) {
      list.each([&](const Node& one) { platforms.list.push_back(read_platform(one, platforms)); });
    });
    if (platforms.find("generic") == nullptr) node.problem("there is no platform 'generic'");
  });
}

}  // namespace ahdiag
