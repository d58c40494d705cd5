// Typed values: the second half of the wall. A Slot is text of a log that its type has accepted, a Fact is text of
// platforms.json, of --fact or of the machine that its type has accepted. Nothing else can enter a command.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/template.h"

namespace ahdiag {

enum class SlotType { path, module, directive, address, port, host, number, name, user, text };
enum class FactType { unit, user, path, word, mode, choice, command };

std::optional<SlotType> slot_type(std::string_view name);
std::optional<FactType> fact_type(std::string_view name);
std::string_view type_name(SlotType type);
std::string_view type_name(FactType type);

// How a slot comes to be where no group of the expression fills it.
struct Derivation {
  enum class Kind {
    none,
    dirname,
    basename,
    port_of,
    without_suffix,
    resolve,
    real,
    module_of,
    suggest,
    package_of,
    contexts_of,
    override_of,
    replacement_of
  };
  Kind kind = Kind::none;
  std::string from;
};

std::optional<Derivation::Kind> derivation_kind(std::string_view name);

struct SlotSpec {
  std::string name;
  SlotType type = SlotType::text;
  std::vector<Template> under;  // a path must lie below one of these
  bool from_server = false;     // refused where the entry names a client, who may have chosen the words
  Derivation derived;
};

// Why a text is not what its slot asks for; for people.
struct Refusal {
  std::string why;
};

class Slot {
 public:
  // The only maker. `under`: the directories of the spec with their holes filled; a path must lie below one where there
  // are any.
  static std::variant<Slot, Refusal> accept(const SlotSpec& spec, std::string_view logged,
                                            const std::vector<std::string>& under);

  [[nodiscard]] const std::string& value() const { return value_; }
  [[nodiscard]] SlotType type() const { return type_; }
  // Text of no type is for people only.
  [[nodiscard]] bool may_be_bound() const { return type_ != SlotType::text; }

 private:
  Slot(SlotType type, std::string value) : type_(type), value_(std::move(value)) {}
  SlotType type_;
  std::string value_;
};

struct FactSpec {
  std::string name;
  FactType type = FactType::word;
  std::vector<std::string> choices;
  std::string help;
};

class Fact {
 public:
  // For --fact, for the log's own words about the service, and for platforms.json: any type but command.
  static std::variant<Fact, Refusal> accept(const FactSpec& spec, std::string_view text);
  // A command of platforms.json.
  static Fact command(Argv words) { return Fact(FactType::command, {}, std::move(words)); }

  [[nodiscard]] FactType type() const { return type_; }
  [[nodiscard]] const std::string& value() const { return value_; }
  [[nodiscard]] const Argv& words() const { return words_; }

 private:
  Fact(FactType type, std::string value, Argv words)
      : type_(type), value_(std::move(value)), words_(std::move(words)) {}
  FactType type_;
  std::string value_;
  Argv words_;
};

}  // namespace ahdiag
