#include "rules/template.h"

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr bool is_name_byte(char c) { return is_lower(c) || is_digit(c) || c == '_'; }

// Length of "{name}" at the front, 0 if there is no hole.
std::size_t hole_length(std::string_view text) {
  if (text.size() < 3 || text[0] != '{' || !is_lower(text[1])) return 0;
  std::size_t end = 1;
  while (end < text.size() && is_name_byte(text[end])) ++end;
  return end < text.size() && text[end] == '}' ? end + 1 : 0;
}

}  // namespace

Template::Template(const RuleText& text) {
  std::string_view rest = text.str();
  std::string literal;
  while (!rest.empty()) {
    const auto plain = rest.substr(0, rest.find('{'));
    literal += plain;
    rest.remove_prefix(plain.size());
    if (rest.empty()) break;
    // "${name}" is the shell's or httpd's, not ours.
    const std::size_t length = literal.ends_with('$') ? 0 : hole_length(rest);
    if (length == 0) {
      literal += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    if (!literal.empty()) parts_.push_back({literal, false});
    literal.clear();
    parts_.push_back({std::string(rest.substr(1, length - 2)), true});
    rest.remove_prefix(length);
  }
  if (!literal.empty()) parts_.push_back({literal, false});
}

std::string Template::source() const {
  std::string all;
  for (const auto& part : parts_) all += part.hole ? "{" + part.text + "}" : part.text;
  return all;
}

std::string_view Template::sole_hole() const {
  return parts_.size() == 1 && parts_[0].hole ? std::string_view(parts_[0].text) : std::string_view();
}

}  // namespace ahdiag
