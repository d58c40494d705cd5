// Writes the heads of the rules compiled in as a C++ table: what src/rules/head.h declares. Runs at build time, so that
// no run of ahdiag has to read all rules to find one.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "rules/embedded.h"
#include "rules/read.h"

using namespace ahdiag;

namespace {

bool is_rule(std::string_view name) {
  return name.ends_with(".json") && !name.starts_with("remedies/") && name != "platforms.json";
}

std::string literal(std::string_view text) {
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    all += c;
  }
  return all + '"';
}

// The words of all heads stand in one table; a head has a range of it.
class Words {
 public:
  std::string range(const std::vector<std::string>& words) {
    std::ostringstream text;
    text << "words(" << count_ << ", " << words.size() << ")";
    for (const auto& word : words) table_ << "    " << literal(word) << ",\n";
    count_ += words.size();
    return text.str();
  }
  [[nodiscard]] std::string table() const {
    std::ostringstream text;
    text << "constexpr std::array<std::string_view, " << count_ << "> kWords = {{\n" << table_.str() << "}};\n";
    return text.str();
  }

 private:
  std::ostringstream table_;
  std::size_t count_ = 0;
};

std::vector<std::string> consequences_of(const Rule& rule) {
  std::vector<std::string> names;
  for (const auto& one : rule.consequences) names.push_back(one.code.empty() ? one.rule : one.code);
  return names;
}

std::string flag(bool value) { return value ? "true" : "false"; }

std::string raw(std::string_view text) { return "R\"__ahdiag(" + std::string(text) + ")__ahdiag\"sv"; }

// What a diagnosis needs of a rule's text: its examples are a third of it.
std::string without_examples(std::string_view file) {
  auto json = nlohmann::ordered_json::parse(embedded_file(file));
  json.erase("$schema");
  json.erase("examples");
  return json.dump();
}

std::string index_of(const std::vector<Rule>& rules) {
  Words words;
  std::ostringstream heads;
  for (const auto& rule : rules) {
    const auto codes = words.range(rule.match.codes);
    const auto contains = words.range(rule.match.contains);
    heads << "    {" << literal(rule.id) << ", " << literal(rule.file) << ", " << codes << ", " << contains << ", "
          << words.range(consequences_of(rule)) << ", " << raw(without_examples(rule.file)) << ", "
          << flag(rule.match.within_config_error) << ", " << flag(rule.fallback) << ", " << flag(rule.summary)
          << "},\n";
  }
  return words.table() +
         "\nconstexpr std::span<const std::string_view> words(std::size_t first, std::size_t count) {\n"
         "  return std::span(kWords).subspan(first, count);\n}\n\nconstexpr std::array<RuleHead, " +
         std::to_string(rules.size()) + "> kHeads = {{\n" + heads.str() + "}};\n\n";
}

// Each platform as a text of its own, so that a run reads only the one that it is about.
std::string index_of_platforms(std::string_view text, const Platforms& platforms) {
  const auto json = nlohmann::ordered_json::parse(text);
  std::ostringstream signs, variants, texts;
  std::size_t sign_count = 0, variant_count = 0;
  const auto add_signs = [&](const std::vector<Sign>& all, const std::string& platform, const std::string& variant) {
    for (const auto& sign : all) {
      signs << "    {" << literal(sign.text) << ", " << sign.weight << ", " << literal(platform) << ", "
            << literal(variant) << "},\n";
      ++sign_count;
    }
  };
  for (std::size_t i = 0; i < platforms.list.size(); ++i) {
    const auto& one = platforms.list[i];
    add_signs(one.signs, one.id, "");
    texts << "    {" << literal(one.id) << ", std::span(kVariants).subspan(" << variant_count << ", "
          << one.variants.size() << "), " << raw(json["platforms"][i].dump()) << "},\n";
    for (const auto& variant : one.variants) {
      add_signs(variant.signs, one.id, variant.id);
      variants << "    " << literal(variant.id) << ",\n";
      ++variant_count;
    }
  }
  const auto table = [](const std::string& type, const std::string& name, std::size_t count, const std::string& rows) {
    return "constexpr std::array<" + type + ", " + std::to_string(count) + "> " + name + " = {{\n" + rows + "}};\n\n";
  };
  return table("SignHead", "kSigns", sign_count, signs.str()) +
         table("std::string_view", "kVariants", variant_count, variants.str()) +
         table("PlatformText", "kPlatforms", platforms.list.size(), texts.str()) +
         "constexpr PlatformIndex kPlatformIndex = {" + raw(json["facts"].dump()) + ", kPlatforms, kSigns};\n\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: index_rules OUTPUT\n";
    return 2;
  }
  Problems problems;
  std::vector<Rule> rules;
  for (const auto& file : embedded_files()) {
    if (!is_rule(file.name)) continue;
    if (auto rule = read_rule({std::string(file.name), file.text, true}, problems)) rules.push_back(std::move(*rule));
  }
  const std::string_view text = embedded_file("platforms.json");
  const auto platforms = read_platforms({"platforms.json", text, true}, problems);
  for (const auto& problem : problems) std::cerr << "rules: " << to_line(problem) << '\n';
  if (!platforms) return 1;
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  std::ofstream output(argv[1], std::ios::binary);
  output
      << "// Made from the files in rules/ by tools/index_rules.cc.\n#include \"rules/head.h\"\n\n#include <array>\n\n"
         "namespace ahdiag {\nnamespace {\n\nusing namespace std::string_view_literals;  // lengths are not counted at "
         "compile time\n\n"
      << index_of(rules) << index_of_platforms(text, *platforms)
      << "}  // namespace\n\nstd::span<const RuleHead> rule_index() { return kHeads; }\n"
         "const PlatformIndex& platform_index() { return kPlatformIndex; }\n\n}  // namespace ahdiag\n";
  output.close();
  if (!output) std::cerr << "index_rules: cannot write " << argv[1] << '\n';
  return problems.empty() && output ? 0 : 1;
}
