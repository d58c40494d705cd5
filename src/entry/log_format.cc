#include "entry/log_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "text/ascii.h"
#include "text/time_format.h"

namespace ahdiag {
namespace {

using Field = LogFormat::Field;
using Item = LogFormat::Item;
using Group = LogFormat::Group;

constexpr std::size_t kMostItems = 64;

bool same_word(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

// What httpd makes of a word of its configuration: quotes go, and a backslash in front of a backslash or a quote.
// Source: server/util.c, ap_getword_conf.
std::string unquote(std::string_view text) {
  const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  const char quote = quoted ? text.front() : '"';
  if (quoted) text = text.substr(1, text.size() - 2);
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\\' || text[i + 1] == quote);
    if (escaped) ++i;
    bare += text[i];
  }
  return bare;
}

struct Directive {
  About about = About::message;
  std::string format;
};

bool consume_word(std::string_view& text, std::string_view word) {
  if (!same_word(text.substr(0, word.size()), word) || text.size() <= word.size() || !is_blank(text[word.size()])) {
    return false;
  }
  text = trim_left(text.substr(word.size()));
  return true;
}

Directive read_directive(std::string_view text) {
  Directive directive;
  text = trim_left(text);
  if (const auto shorter = trim_right(text); shorter.ends_with('"') || shorter.ends_with('\'')) text = shorter;
  consume_word(text, "ErrorLogFormat");
  if (consume_word(text, "request")) directive.about = About::request;
  if (consume_word(text, "connection")) directive.about = About::connection;
  directive.format = unquote(text);
  return directive;
}

// One item as httpd reads it, before it is known what it means.
struct Token {
  Item item;
  std::string argument;  // of "%{…}"
  char letter = '\0';    // '\0': a literal
  bool separator = false;
  bool has_least_level = false;
};

// Walks a format. Source: server/core.c, parse_errorlog_item and parse_errorlog_misc_string.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view format) : rest_(format) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }

  // Nothing, and a reason, where the format is wrong.
  std::optional<Token> next(std::string& why) {
    Token token;
    while (consume(rest_, "% ")) token.separator = true;
    if (rest_.empty()) return token;
    if (consume(rest_, "%%")) {
      token.item.text = "%";
      return token;
    }
    if (rest_.front() != '%') {
      token.separator = token.separator || rest_.front() == ' ';
      token.item.text = literal();
      return token;
    }
    rest_.remove_prefix(1);
    return directive(std::move(token), why);
  }

 private:
  // Up to the next '%' or the next blank that opens a group. Blanks at its front belong to it.
  std::string literal() {
    std::string text;
    bool at_start = true;
    while (!rest_.empty() && rest_.front() != '%' && (rest_.front() != ' ' || at_start)) {
      if (rest_.front() == '\\' && rest_.size() > 1) {
        text += escaped(rest_[1]);
        rest_.remove_prefix(2);
        continue;
      }
      at_start = at_start && rest_.front() == ' ';
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    return text;
  }

  static char escaped(char c) {
    switch (c) {
      case 'n': return '\n';
      case 'r': return '\r';
      case 't': return '\t';
      default: return c;
    }
  }

  std::optional<Token> directive(Token token, std::string& why) {
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '{') {
        const auto end = rest_.find('}');
        if (end == std::string_view::npos) break;
        token.argument = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
      } else if (c == '-') {
        token.item.hyphen = true;
      } else if (is_digit(c)) {
        token.has_least_level = true;
      } else if (c != '+') {
        token.letter = c;
        return token;
      }
    }
    why = "it ends inside of an item that begins with '%'";
    return std::nullopt;
  }

  std::string_view rest_;
};

Field header_field(const std::string& name) { return same_word(name, "Referer") ? Field::referer : Field::foreign; }

// mod_unique_id's letters; every other note and variable may hold what a visitor sent.
Field variable_field(const std::string& name) { return name == "UNIQUE_ID" ? Field::token : Field::foreign; }

std::optional<Field> field_of(const Token& token) {
  const std::string& argument = token.argument;
  const char first = argument.empty() ? '\0' : argument.front();
  switch (token.letter) {
    case '\0': return Field::literal;
    case 'M': return Field::message;
    case 'a': return first == 'c' ? Field::connection : Field::client;
    case 'A': return Field::local;
    case 'e':
    case 'n': return variable_field(argument);
    case 'E': return Field::status;
    case 'F': return Field::where;
    case 'i': return header_field(argument);
    case 'k': return Field::count;
    case 'l': return Field::level;
    case 'L': return first == 'c' || first == 'C' ? Field::connection_id : Field::request_id;
    case 'm': return Field::module;
    case 'P': return Field::pid;
    case 'T': return Field::tid;
    case 't': return Field::time;
    case 'v': return Field::host;
    case 'V': return Field::asked_host;
    default: return std::nullopt;
  }
}

bool never_empty(Field field) {
  return field == Field::literal || field == Field::message || field == Field::level || field == Field::pid ||
         field == Field::time;
}

bool is_of_request(Field field) {
  return field == Field::client || field == Field::connection || field == Field::local || field == Field::count ||
         field == Field::request_id || field == Field::host || field == Field::asked_host;
}

// Why there is no such item; nothing, and `item` filled, if there is.
std::optional<std::string> settle(const Token& token, Item& item) {
  const auto field = field_of(token);
  const std::string shown = std::string("%") + token.letter;
  if (!field) return "httpd knows no item '" + shown + "'";
  item = token.item;
  item.field = *field;
  item.may_be_empty = token.has_least_level || (!never_empty(*field) && !token.item.hyphen);
  item.by_request = is_of_request(*field) && !token.has_least_level;
  const bool needs_name = token.letter == 'e' || token.letter == 'i' || token.letter == 'n';
  if (needs_name && token.argument.empty()) return "'" + shown + "' needs a name: '%{name}" + token.letter + "'";
  if (*field != Field::time) return std::nullopt;
  if (contains(token.argument, "%")) item.text = token.argument;
  if (!is_time_format(item.text)) return "the time '%{" + token.argument + "}t' cannot be read back";
  return std::nullopt;
}

// Lines come to us without the blanks at their ends.
void trim_ends(std::vector<Group>& groups) {
  if (groups.empty()) return;
  Item& first = groups.front().items.front();
  if (first.field == Field::literal) first.text = trim_left(first.text);
  Item& last = groups.back().items.back();
  if (last.field != Field::literal) return;
  last.text = trim_right(last.text);
  if (!last.text.empty()) return;
  groups.back().items.pop_back();
  if (groups.back().items.empty()) groups.pop_back();
}

std::optional<std::string> judge(About about, const std::vector<Group>& groups) {
  std::size_t messages = 0, items = 0;
  for (const auto& group : groups) {
    items += group.items.size();
    messages += static_cast<std::size_t>(std::ranges::count(group.items, Field::message, &Item::field));
  }
  if (items == 0) return "it is empty";
  if (items > kMostItems) return "it has more than 64 items";
  if (messages > 1) return "it holds %M twice";
  if (about == About::message && messages == 0)
    return "it lacks %M, the message; a format that introduces requests begins with 'request' or 'connection'";
  if (about != About::message && messages == 1) return "%M is not allowed after 'request' or 'connection'";
  return std::nullopt;
}

Problem wrong_format(std::string_view text, std::string why) {
  return {"this is no ErrorLogFormat: '" + std::string(text) + "'", "--log-format", std::move(why),
          "give it as httpd's configuration has it"};
}

}  // namespace

bool LogFormat::Group::may_be_missing(bool in_request) const {
  return std::ranges::any_of(items,
                             [&](const Item& item) { return item.may_be_empty && !(in_request && item.by_request); });
}

std::variant<LogFormat, Problem> LogFormat::compile(std::string_view text) {
  const Directive directive = read_directive(text);
  LogFormat format;
  format.about_ = directive.about;
  std::string why;
  bool opens = true;
  for (Tokenizer tokens(directive.format); !tokens.done();) {
    const auto token = tokens.next(why);
    if (!token) return wrong_format(text, why);
    Item item;
    if (auto reason = settle(*token, item)) return wrong_format(text, *reason);
    opens = opens || token->separator;
    // In lines that introduce a request there is no level.
    if (directive.about != About::message && item.field == Field::level && !item.hyphen) item.may_be_empty = true;
    if (item.field == Field::literal && item.text.empty()) continue;
    if (opens) format.groups_.emplace_back();
    opens = false;
    auto& items = format.groups_.back().items;
    const bool goes_on = item.field == Field::literal && !items.empty() && items.back().field == Field::literal;
    if (goes_on) {
      items.back().text += item.text;
    } else {
      items.push_back(std::move(item));
    }
  }
  trim_ends(format.groups_);
  if (auto reason = judge(format.about_, format.groups_)) return wrong_format(text, *reason);
  return format;
}

std::optional<Entry> LogFormats::match(std::string_view line) const {
  for (const auto& format : formats_) {
    if (auto entry = format.match(line)) return entry;
  }
  return std::nullopt;
}

Entry LogFormats::parse(std::string_view line) const {
  if (auto entry = match(line)) return *entry;
  return parse_entry(line);
}

}  // namespace ahdiag
