#include "entry/shape.h"

#include <algorithm>

#include "entry/address.h"
#include "entry/fields.h"
#include "text/ascii.h"
#include "text/time_format.h"

namespace ahdiag {
namespace {

using Field = LogFormat::Field;

constexpr auto kNowhere = std::string_view::npos;

constexpr bool is_address_byte(char c) { return is_alnum(c) || c == ':' || c == '.' || c == '%' || c == '-'; }
constexpr bool is_id_byte(char c) { return is_alnum(c) || c == '+' || c == '/' || c == '@' || c == '-' || c == '_'; }

template <typename Fits>
std::size_t run(std::string_view text, Fits fits) {
  std::size_t length = 0;
  while (length < text.size() && fits(text[length])) ++length;
  return length;
}

// Length of a word that httpd wrote: up to a blank, a bracket, or what the format puts behind it.
std::size_t word_length(std::string_view text, std::string_view behind) {
  const std::size_t next = behind.empty() ? kNowhere : text.find(behind.front());
  return std::min(std::min(text.find_first_of(" []\""), next), text.size());
}

// "203.0.113.9:4711", also as people make it anonymous; what follows may begin like more of it.
std::size_t address_length(std::string_view text, std::string_view behind) {
  const std::size_t longest = run(text, is_address_byte);
  if (behind.empty() || !is_address_byte(behind.front())) return longest;
  for (auto end = text.find(behind); end <= longest; end = text.find(behind, end + 1)) {
    const Address address = split_address(text.substr(0, end));
    if (address.port && is_ip(address.host)) return end;
  }
  return 0;
}

std::size_t host_length(std::string_view text, std::string_view behind) {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : kNowhere;
  const std::size_t inner = bracket == kNowhere ? 0 : bracket + 1;
  const std::size_t length = inner + word_length(text.substr(inner), behind);
  return is_host(text.substr(0, length)) ? length : 0;
}

std::size_t where_length(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  const auto end = text.substr(0, kLongest).find(')');
  return end != kNowhere && is_where(text.substr(0, end + 1)) ? end + 1 : 0;
}

std::size_t module_length(std::string_view text, std::string_view behind) {
  const std::size_t length = std::min(word_length(text, behind), text.find(':'));
  return is_module(text.substr(0, length)) ? length : 0;
}

std::size_t level_length(std::string_view text) {
  Entry entry;
  const std::size_t length = run(text, is_alnum);
  return set_level(entry, text.substr(0, length)) ? length : 0;
}

std::size_t time_length(std::string_view text, const std::string& format) {
  std::string_view rest = text;
  const auto time = format.empty() ? consume_log_time(rest) : consume_time(rest, format);
  return time ? text.size() - rest.size() : 0;
}

std::size_t status_length(std::string_view text, std::string_view behind) {
  std::string_view rest = text;
  if (!consume_status_before(rest, behind.empty() ? " " : behind)) return 0;
  return text.size() - rest.size();
}

std::size_t thread_length(std::string_view text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const std::size_t digits = run(text.substr(sign), is_digit);
  return digits == 0 ? 0 : sign + digits;
}

}  // namespace

std::size_t shape_length(const LogFormat::Item& item, std::string_view text, std::string_view behind) {
  switch (item.field) {
    case Field::client:
    case Field::connection:
    case Field::local: return address_length(text, behind);
    case Field::status: return status_length(text, behind);
    case Field::where: return where_length(text);
    case Field::count:
    case Field::pid: return run(text, is_digit);
    case Field::tid: return thread_length(text);
    case Field::level: return level_length(text);
    case Field::module: return module_length(text, behind);
    case Field::request_id:
    case Field::connection_id:
    case Field::token: return run(text, is_id_byte);
    case Field::host:
    case Field::asked_host: return host_length(text, behind);
    case Field::time: return time_length(text, item.text);
    case Field::literal:
    case Field::message:
    case Field::referer:
    case Field::foreign: break;
  }
  return 0;
}

}  // namespace ahdiag
