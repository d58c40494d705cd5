// What the other files leave out: the proper ways in. This one compiles, so the others fail for their own reason.
#include <string>
#include <string_view>
#include <variant>

#include "plan/bind.h"

using namespace ahdiag;

std::variant<Command, Unbound> a_command(const Argv& words, const Scope& scope) { return bind(words, scope); }
std::variant<FileWrite, Unbound> a_file(const WriteTemplate& file, const Scope& scope) { return bind(file, scope); }
std::variant<Slot, Refusal> a_slot(const SlotSpec& spec, std::string_view logged) {
  return Slot::accept(spec, logged, {});
}
std::variant<Fact, Refusal> a_fact(const FactSpec& spec, std::string_view text) { return Fact::accept(spec, text); }
Template a_template(const RuleText& text) { return Template(text); }
std::string a_word(const Command& command) { return command.argv()[0]; }
