// Writes the heads of the rules compiled in as a C++ table: what src/rules/head.h declares. Runs at build time, so that
// no run of ahdiag has to read all rules to find one.
#include <algorithm>
#include <fstream>
#include <iostream>
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

std::string quoted(std::string_view text) {
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
    for (const auto& word : words) table_ << "    " << quoted(word) << ",\n";
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

std::string index_of(const std::vector<Rule>& rules) {
  Words words;
  std::ostringstream heads;
  for (const auto& rule : rules) {
    const auto codes = words.range(rule.match.codes);
    const auto contains = words.range(rule.match.contains);
    heads << "    {" << quoted(rule.id) << ", " << quoted(rule.file) << ", " << codes << ", " << contains << ", "
          << words.range(consequences_of(rule)) << ", " << flag(rule.match.within_config_error) << ", "
          << flag(rule.fallback) << ", " << flag(rule.summary) << "},\n";
  }
  return "// Made from the files in rules/ by tools/index_rules.cc.\n#include \"rules/head.h\"\n\n#include <array>\n\n"
         "namespace ahdiag {\nnamespace {\n\n" +
         words.table() +
         "\nconstexpr std::span<const std::string_view> words(std::size_t first, std::size_t count) {\n"
         "  return std::span(kWords).subspan(first, count);\n}\n\nconstexpr std::array<RuleHead, " +
         std::to_string(rules.size()) + "> kHeads = {{\n" + heads.str() +
         "}};\n\n}  // namespace\n\nstd::span<const RuleHead> rule_index() { return kHeads; }\n\n}  // namespace "
         "ahdiag\n";
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
  for (const auto& problem : problems) std::cerr << "rules: " << to_line(problem) << '\n';
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  std::ofstream output(argv[1], std::ios::binary);
  output << index_of(rules);
  output.close();
  if (!output) std::cerr << "index_rules: cannot write " << argv[1] << '\n';
  return problems.empty() && output ? 0 : 1;
}
