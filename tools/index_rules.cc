// Writes the heads of the rules compiled in, and the way to them, as C++ tables: what src/rules/head.h and head_index.h
// declare. Runs at build time, so that no run of ahdiag has to read all rules to find one.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "rules/embedded.h"
#include "rules/head_index.h"
#include "rules/read.h"
#include "rules/sign_table.h"

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

std::string table(const std::string& type, const std::string& name, std::size_t count, const std::string& rows) {
  return "constexpr std::array<" + type + ", " + std::to_string(count) + "> " + name + " = {{\n" + rows + "}};\n\n";
}

template <typename Number>
std::string numbers(const std::string& type, const std::string& name, std::span<const Number> all) {
  constexpr std::size_t kInRow = 32;
  std::ostringstream rows;
  for (std::size_t i = 0; i < all.size(); ++i) rows << all[i] << (i % kInRow == kInRow - 1 ? "U,\n" : "U,");
  return table(type, name, all.size(), rows.str());
}

// Tables named after `name`, and their Literals::Tables by that name.
std::string literal_tables(const std::string& name, const Literals::Tables& tables) {
  std::ostringstream entries, shorts;
  for (const auto& one : tables.entries)
    entries << "    {" << literal(one.text) << ", " << one.gram << "U, " << one.offset << ", " << one.owner << "},\n";
  for (const auto& one : tables.shorts) shorts << "    {" << literal(one.text) << ", " << one.owner << "},\n";
  return numbers("std::uint64_t", name + "Filter", tables.filter) +
         numbers("std::uint32_t", name + "Begins", tables.begins) +
         table("Literals::Entry", name + "Entries", tables.entries.size(), entries.str()) +
         table("Literals::Literal", name + "Shorts", tables.shorts.size(), shorts.str()) +
         "constexpr Literals::Tables " + name + " = {" + name + "Filter, " + name + "Begins, " + name + "Entries, " +
         name + "Shorts};\n\n";
}

std::string code_tables(const CodeTable::Tables& tables) {
  std::ostringstream rows;
  for (const auto& row : tables.rows)
    rows << "    {" << literal(row.code) << ", " << row.first << ", " << row.count << "},\n";
  return numbers("std::uint32_t", "kSlots", tables.slots) +
         table("CodeTable::Row", "kCodes", tables.rows.size(), rows.str()) +
         numbers("std::uint32_t", "kHeadsOfCodes", tables.heads);
}

std::vector<std::string> consequences_of(const Rule& rule) {
  std::vector<std::string> names;
  for (const auto& one : rule.consequences) names.push_back(one.code.empty() ? one.rule : one.code);
  return names;
}

std::string flag(bool value) { return value ? "true" : "false"; }

std::string raw(std::string_view text) { return "R\"__ahdiag(" + std::string(text) + ")__ahdiag\"sv"; }

// What a diagnosis needs of a rule's text: its examples are a third of it. Members are in the order of their names, as
// the reader wants them.
std::string without_examples(std::string_view file) {
  auto json = nlohmann::json::parse(embedded_file(file));
  json.erase("$schema");
  json.erase("examples");
  return json.dump();
}

std::string heads_of(const std::vector<Rule>& rules) {
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

// As much of the heads as their index is made of.
std::string way_to(const std::vector<Rule>& rules) {
  std::vector<std::vector<std::string_view>> words;
  words.reserve(2 * rules.size());
  const auto keep = [&](const std::vector<std::string>& all) {
    return std::span(words.emplace_back(all.begin(), all.end()));
  };
  std::vector<RuleHead> heads;
  for (const auto& rule : rules) {
    RuleHead head{};
    head.codes = keep(rule.match.codes);
    head.contains = keep(rule.match.contains);
    head.within_config_error = rule.match.within_config_error;
    heads.push_back(head);
  }
  const HeadIndex index = index_of(heads);
  return code_tables(index.by_code.tables()) + literal_tables("kTexts", index.by_text.tables()) +
         literal_tables("kBodies", index.by_body.tables()) +
         numbers("std::uint32_t", "kAnyBody", std::span<const std::uint32_t>(index.by_any_body)) +
         "constexpr HeadTables kHeadTables = {{kSlots, kCodes, kHeadsOfCodes}, kTexts, kBodies, kAnyBody};\n\n";
}

// Each platform as a text of its own, so that a run reads only the one that it is about.
std::string index_of_platforms(std::string_view text, const Platforms& platforms) {
  const auto json = nlohmann::json::parse(text);
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
  return table("SignHead", "kSigns", sign_count, signs.str()) +
         table("std::string_view", "kVariants", variant_count, variants.str()) +
         table("PlatformText", "kPlatforms", platforms.list.size(), texts.str()) +
         literal_tables("kSignTexts", SignTable(platforms).texts().tables()) +
         "constexpr PlatformIndex kPlatformIndex = {" + raw(json["facts"].dump()) +
         ", kPlatforms, kSigns, kSignTexts};\n\n";
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
      << "// Made from the files in rules/ by tools/index_rules.cc.\n#include \"rules/head_index.h\"\n\n#include "
         "<array>\n\n"
         "namespace ahdiag {\nnamespace {\n\nusing namespace std::string_view_literals;  // lengths are not counted at "
         "compile time\n\n"
      << heads_of(rules) << way_to(rules) << index_of_platforms(text, *platforms)
      << "}  // namespace\n\nstd::span<const RuleHead> rule_index() { return kHeads; }\n"
         "const HeadTables& head_tables() { return kHeadTables; }\n"
         "const PlatformIndex& platform_index() { return kPlatformIndex; }\n\n}  // namespace ahdiag\n";
  output.close();
  if (!output) std::cerr << "index_rules: cannot write " << argv[1] << '\n';
  return problems.empty() && output ? 0 : 1;
}
