#include "rules/value.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/ascii.h"
#include "text/path.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

template <typename T, std::size_t N>
std::optional<T> find_name(const std::array<std::pair<std::string_view, T>, N>& table, std::string_view name) {
  for (const auto& [row_name, value] : table) {
    if (row_name == name) return value;
  }
  return std::nullopt;
}

template <typename T, std::size_t N>
std::string_view name_in(const std::array<std::pair<std::string_view, T>, N>& table, T value) {
  for (const auto& [row_name, row_value] : table) {
    if (row_value == value) return row_name;
  }
  return {};
}

constexpr std::array<std::pair<std::string_view, SlotType>, 10> kSlotTypes = {{{"path", SlotType::path},
                                                                               {"module", SlotType::module},
                                                                               {"directive", SlotType::directive},
                                                                               {"address", SlotType::address},
                                                                               {"port", SlotType::port},
                                                                               {"host", SlotType::host},
                                                                               {"number", SlotType::number},
                                                                               {"name", SlotType::name},
                                                                               {"user", SlotType::user},
                                                                               {"text", SlotType::text}}};

constexpr std::array<std::pair<std::string_view, FactType>, 7> kFactTypes = {{{"unit", FactType::unit},
                                                                              {"user", FactType::user},
                                                                              {"path", FactType::path},
                                                                              {"word", FactType::word},
                                                                              {"mode", FactType::mode},
                                                                              {"choice", FactType::choice},
                                                                              {"command", FactType::command}}};

using Kind = Derivation::Kind;
constexpr std::array<std::pair<std::string_view, Kind>, 12> kDerivations = {{{"dirname", Kind::dirname},
                                                                             {"basename", Kind::basename},
                                                                             {"port_of", Kind::port_of},
                                                                             {"without_suffix", Kind::without_suffix},
                                                                             {"resolve", Kind::resolve},
                                                                             {"real", Kind::real},
                                                                             {"module_of", Kind::module_of},
                                                                             {"suggest", Kind::suggest},
                                                                             {"package_of", Kind::package_of},
                                                                             {"contexts_of", Kind::contexts_of},
                                                                             {"override_of", Kind::override_of},
                                                                             {"replacement_of", Kind::replacement_of}}};

using Why = std::optional<std::string>;

template <typename Fits>
bool all_bytes(std::string_view text, Fits fits) {
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

constexpr bool is_word_byte(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }

bool is_word(std::string_view text, std::size_t longest) {
  return text.size() <= longest && all_bytes(text, is_word_byte) && text.front() != '-' && text.front() != '.';
}

bool is_port(std::string_view text) {
  const auto number = text.size() <= 5 && all_bytes(text, is_digit) ? to_number(text) : std::nullopt;
  return number && *number >= 1 && *number <= 65535;
}

bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (text == "*") return true;
  const auto fits = [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == ':' || c == '_'; };
  return text.size() <= 255 && all_bytes(text, fits) && text.front() != '-';
}

bool is_address(std::string_view text) {
  const auto colon = text.rfind(':');
  return colon != std::string_view::npos && is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

bool is_directive(std::string_view text) {
  consume(text, "<");
  consume(text, "/");
  if (text.ends_with('>')) text.remove_suffix(1);
  return text.size() <= 80 && all_bytes(text, [](char c) { return is_alnum(c) || c == '_'; });
}

bool is_module(std::string_view text) {
  return text.size() <= 64 && all_bytes(text, [](char c) { return is_alnum(c) || c == '_'; });
}

bool is_user(std::string_view text) {
  return is_word(text, 64) || (text.starts_with('_') && is_word(text.substr(1), 64));
}

Why refuse_directories(std::string_view path, const std::vector<std::string>& under) {
  if (under.empty()) return std::nullopt;
  for (const auto& directory : under) {
    if (lies_below(path, directory)) return std::nullopt;
  }
  return "it does not lie below " + join(under, " or ");
}

Why refuse(SlotType type, std::string_view value, const std::vector<std::string>& under) {
  const auto unless = [](bool fits, const char* why) { return fits ? Why() : Why(why); };
  switch (type) {
    case SlotType::path: {
      auto why = refuse_path(value);
      return why ? why : refuse_directories(value, under);
    }
    case SlotType::module: return unless(is_module(value), "it is not the name of a module");
    case SlotType::directive: return unless(is_directive(value), "it is not the name of a directive");
    case SlotType::address: return unless(is_address(value), "it is not an address with a port");
    case SlotType::port: return unless(is_port(value), "it is not a port");
    case SlotType::host: return unless(is_host(value), "it is not a host name or address");
    case SlotType::number: return unless(value.size() <= 18 && all_bytes(value, is_digit), "it is not a number");
    case SlotType::name: return unless(is_word(value, 128), "it is not a plain name");
    case SlotType::user: return unless(is_user(value), "it is not the name of a user or group");
    case SlotType::text: return std::nullopt;
  }
  return "it has no type";
}

// "mod_rewrite", "rewrite_module", "mod_rewrite.so", "modules/mod_rewrite.so": all of them rewrite.
std::string_view bare_module(std::string_view text) {
  text = name_of(text);
  if (text.ends_with(".so")) text.remove_suffix(3);
  if (text.ends_with(".c")) text.remove_suffix(2);
  consume(text, "mod_");
  if (text.ends_with("_module")) text.remove_suffix(7);
  return text;
}

bool is_mode(std::string_view text) {
  return text.size() >= 3 && text.size() <= 4 && all_bytes(text, [](char c) { return c >= '0' && c <= '7'; });
}

bool is_fact_word(std::string_view text) {
  const auto fits = [](char c) { return is_word_byte(c) || c == ':' || c == '/' || c == '=' || c == '@' || c == '+'; };
  return text.size() <= 256 && all_bytes(text, fits) && text.front() != '-';
}

Why refuse(const FactSpec& spec, std::string_view text) {
  const auto unless = [](bool fits, const char* why) { return fits ? Why() : Why(why); };
  switch (spec.type) {
    case FactType::unit:
      return unless(is_word(text, 128) || (is_fact_word(text) && !contains(text, "/")),
                    "it is not the name of a service");
    case FactType::user: return unless(is_user(text), "it is not the name of a user or group");
    case FactType::path: return refuse_path(text);
    case FactType::word: return unless(is_fact_word(text), "it is not a plain word");
    case FactType::mode: return unless(is_mode(text), "it is not an octal mode such as 0710");
    case FactType::choice:
      if (std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end()) return std::nullopt;
      return "it is none of " + join(spec.choices, ", ");
    case FactType::command: return "a command follows from the other facts, such as service";
  }
  return "it has no type";
}

}  // namespace

std::optional<SlotType> slot_type(std::string_view name) { return find_name(kSlotTypes, name); }
std::optional<FactType> fact_type(std::string_view name) { return find_name(kFactTypes, name); }
std::string_view type_name(SlotType type) { return name_in(kSlotTypes, type); }
std::string_view type_name(FactType type) { return name_in(kFactTypes, type); }
std::optional<Derivation::Kind> derivation_kind(std::string_view name) { return find_name(kDerivations, name); }

std::variant<Slot, Refusal> Slot::accept(const SlotSpec& spec, std::string_view logged,
                                         const std::vector<std::string>& under) {
  std::string value = unescape_log(logged);
  if (spec.type == SlotType::module) value = bare_module(value);
  if (spec.type == SlotType::text) value = printable(value);
  if (auto why = refuse(spec.type, value, under)) return Refusal{*why};
  return Slot(spec.type, std::move(value));
}

std::variant<Fact, Refusal> Fact::accept(const FactSpec& spec, std::string_view text) {
  if (auto why = refuse(spec, text)) return Refusal{*why};
  return Fact(spec.type, std::string(text), {});
}

}  // namespace ahdiag
