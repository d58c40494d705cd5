#include "plan/bind.h"

#include <functional>

#include "text/path.h"
#include "text/shell.h"

namespace ahdiag {
namespace {

using Quote = std::function<std::string(std::string_view)>;

std::variant<std::string, Unbound> value_of(std::string_view name, const Scope& scope) {
  if (const Slot* slot = scope.slot(name)) {
    const Refused* refused = scope.refused(name);
    if (!slot->may_be_bound())
      return Unbound{std::string(name), slot->value(), refused == nullptr ? "it is free text" : refused->why};
    return slot->value();
  }
  if (const Refused* refused = scope.refused(name)) return Unbound{std::string(name), refused->logged, refused->why};
  const Fact* fact = scope.fact(name);
  if (fact == nullptr)
    return Unbound{std::string(name), "", "nothing tells it; give it with --fact " + std::string(name) + "=VALUE"};
  if (fact->type() == FactType::command) return Unbound{std::string(name), "", "it is a command"};
  return fact->value();
}

std::variant<std::string, Unbound> fill(const Template& text, const Scope& scope, const Quote& quote) {
  std::string all;
  for (const auto& part : text.parts()) {
    if (!part.hole) {
      all += part.text;
      continue;
    }
    auto value = value_of(part.text, scope);
    if (auto* unbound = std::get_if<Unbound>(&value)) return std::move(*unbound);
    all += quote(std::get<std::string>(value));
  }
  return all;
}

std::string plain(std::string_view text) { return std::string(text); }

Quote quote_for(FileFormat format) {
  switch (format) {
    case FileFormat::tmpfiles: return tmpfiles_field;
    case FileFormat::unit: return unit_word;
    case FileFormat::sh: return shell_word;
    case FileFormat::httpd: return httpd_argument;
    case FileFormat::plain: return plain;
  }
  return plain;
}

// Words of a command fact may name other facts, but no further command.
std::variant<std::vector<std::string>, Unbound> words_of(const Template& word, const Scope& scope) {
  const auto name = word.sole_hole();
  const bool own = scope.slot(name) != nullptr || scope.refused(name) != nullptr;  // the rule's own name hides a fact's
  const Fact* fact = own ? nullptr : scope.fact(name);
  const bool spreads = fact != nullptr && fact->type() == FactType::command;
  const Argv words = spreads ? fact->words() : Argv{word};
  std::vector<std::string> filled;
  for (const auto& one : words) {
    auto text = fill(one, scope, plain);
    if (auto* unbound = std::get_if<Unbound>(&text)) return std::move(*unbound);
    filled.push_back(std::get<std::string>(std::move(text)));
  }
  return filled;
}

}  // namespace

std::variant<Command, Unbound> bind(const Argv& words, const Scope& scope) {
  std::vector<std::string> argv;
  for (const auto& word : words) {
    auto filled = words_of(word, scope);
    if (auto* unbound = std::get_if<Unbound>(&filled)) return std::move(*unbound);
    for (auto& one : std::get<std::vector<std::string>>(filled)) argv.push_back(std::move(one));
  }
  return Command(std::move(argv));
}

std::variant<FileWrite, Unbound> bind(const WriteTemplate& file, const Scope& scope) {
  FileWrite bound;
  auto path = fill(file.path, scope, plain);
  if (auto* unbound = std::get_if<Unbound>(&path)) return std::move(*unbound);
  bound.path_ = std::get<std::string>(path);
  if (auto why = refuse_path(bound.path_)) return Unbound{"path", bound.path_, *why};
  const Quote quote = quote_for(file.format);
  for (const auto& line : file.lines) {
    auto text = fill(line, scope, quote);
    if (auto* unbound = std::get_if<Unbound>(&text)) return std::move(*unbound);
    bound.content_ += std::get<std::string>(text) + "\n";
  }
  for (const auto& [field, text] : {std::pair(&bound.mode_, &file.mode), std::pair(&bound.owner_, &file.owner),
                                    std::pair(&bound.group_, &file.group)}) {
    auto filled = fill(*text, scope, plain);
    if (auto* unbound = std::get_if<Unbound>(&filled)) return std::move(*unbound);
    *field = std::get<std::string>(std::move(filled));
  }
  return bound;
}

}  // namespace ahdiag
