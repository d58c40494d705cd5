// RE2's syntax, as far as rules need it, to steps.
#include <algorithm>
#include <utility>

#include "rules/steps.h"
#include "text/ascii.h"

namespace ahdiag {

using Kind = MatchStep::Kind;
using Code = std::vector<MatchStep>;

// Each parser of a part returns nothing where the part is outside of the subset.
class StepParser {
 public:
  explicit StepParser(std::string_view rest) : rest_(rest) {}

  std::optional<MatchSteps> parse() {
    auto code = alternatives(0);
    if (!code || !rest_.empty()) return std::nullopt;
    made_.steps_ = std::move(*code);
    made_.steps_.push_back({});
    made_.set_followers();
    made_.set_needed();
    return std::move(made_);
  }

 private:
  static constexpr int kDeepest = 20;
  static constexpr std::size_t kMostSteps = 2000;

  struct Times {
    std::uint32_t min = 1, max = 1;
    bool lazy = false;
  };

  std::optional<Code> alternatives(int depth) {
    if (depth > kDeepest) return std::nullopt;
    auto all = sequence(depth);
    if (!all) return all;
    if (!consume(rest_, "|")) return all;
    auto others = alternatives(depth);
    if (!others) return others;
    return either(std::move(*all), std::move(*others));
  }

  // The first way, and where that leads nowhere the second.
  static Code either(Code first, Code second) {
    Code code{{Kind::either}};
    code.front().to = static_cast<std::int32_t>(first.size() + 2);
    code.insert(code.end(), first.begin(), first.end());
    code.push_back({Kind::jump});
    code.back().to = static_cast<std::int32_t>(second.size() + 1);
    code.insert(code.end(), second.begin(), second.end());
    return code;
  }

  std::optional<Code> sequence(int depth) {
    Code code;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      auto next = piece(depth);
      if (!next || code.size() > kMostSteps) return std::nullopt;
      append(code, *next);
    }
    return code;
  }

  // Text behind text is one text.
  static void append(Code& code, const Code& next) {
    const bool both = !code.empty() && next.size() == 1 && code.back().kind == Kind::text && next[0].kind == Kind::text;
    if (both && code.back().min + code.back().max == next[0].min && !is_target(code)) {
      code.back().max += next[0].max;
    } else {
      code.insert(code.end(), next.begin(), next.end());
    }
  }

  // Something jumps to the end of the code: what comes next must stay a step of its own.
  static bool is_target(const Code& code) {
    for (std::size_t i = 0; i < code.size(); ++i) {
      const bool jumps = code[i].kind == Kind::jump || code[i].kind == Kind::either;
      if (jumps && i + static_cast<std::size_t>(code[i].to) == code.size()) return true;
    }
    return false;
  }

  std::optional<Code> piece(int depth) {
    if (rest_.starts_with('(')) {
      auto inner = group(depth);
      const auto times = quantifier();
      if (!inner || !times) return std::nullopt;
      if (times->min == 1 && times->max == 1) return inner;
      if (times->min != 0 || times->max != 1) return std::nullopt;
      return times->lazy ? either({}, std::move(*inner)) : either(std::move(*inner), {});
    }
    if (consume(rest_, "$")) {
      MatchStep end;
      end.kind = Kind::end;
      return Code{end};
    }
    ByteSet set{};
    const auto single = one_byte(set);
    if (!single) return std::nullopt;
    const auto times = quantifier();
    if (!times) return std::nullopt;
    MatchStep step;
    if (times->min == 1 && times->max == 1 && *single >= 0) {
      step.kind = Kind::text;
      step.min = static_cast<std::uint32_t>(made_.texts_.size());
      step.max = 1;
      made_.texts_ += static_cast<char>(*single);
      return Code{step};
    }
    step.kind = times->min == 1 && times->max == 1 ? Kind::byte : Kind::run;
    step.lazy = times->lazy;
    step.min = times->min;
    step.max = times->max;
    step.set = static_cast<std::uint32_t>(made_.sets_.size());
    made_.sets_.push_back(set);
    return Code{step};
  }

  std::optional<Code> group(int depth) {
    rest_.remove_prefix(1);
    bool captures = true;
    std::string name;
    const bool was_any_case = any_case_;
    if (consume(rest_, "?:")) {
      captures = false;
    } else if (consume(rest_, "?i:")) {
      captures = false;
      any_case_ = true;
    } else if (consume(rest_, "?P<")) {
      const auto end = rest_.find('>');
      if (end == std::string_view::npos) return std::nullopt;
      name = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
    } else if (rest_.starts_with('?')) {
      return std::nullopt;
    }
    MatchStep save;
    save.kind = Kind::save;
    if (captures) {
      save.max = static_cast<std::uint32_t>(made_.groups_.size() * 2);
      made_.groups_.push_back(name);
    }
    auto inner = alternatives(depth + 1);
    any_case_ = was_any_case;
    if (!inner || !consume(rest_, ")")) return std::nullopt;
    if (!captures) return inner;
    Code code{save};
    code.insert(code.end(), inner->begin(), inner->end());
    ++save.max;
    code.push_back(save);
    return code;
  }

  std::optional<Times> quantifier() {
    Times times;
    if (consume(rest_, "*")) {
      times = {0, MatchStep::kNoEnd, false};
    } else if (consume(rest_, "+")) {
      times = {1, MatchStep::kNoEnd, false};
    } else if (consume(rest_, "?")) {
      times = {0, 1, false};
    } else if (rest_.starts_with('{')) {
      rest_.remove_prefix(1);
      const auto low = consume_number(rest_);
      if (!low || *low > 1000) return std::nullopt;
      times.min = times.max = static_cast<std::uint32_t>(*low);
      if (consume(rest_, ",")) {
        const auto high = consume_number(rest_);
        if (high && (*high > 1000 || *high < *low)) return std::nullopt;
        times.max = high ? static_cast<std::uint32_t>(*high) : MatchStep::kNoEnd;
      }
      if (!consume(rest_, "}")) return std::nullopt;
    } else {
      return times;
    }
    times.lazy = consume(rest_, "?");
    if (rest_.starts_with('*') || rest_.starts_with('+') || rest_.starts_with('{')) return std::nullopt;
    return times;
  }

  static void add(ByteSet& set, char low, char high) {
    for (int c = static_cast<unsigned char>(low); c <= static_cast<unsigned char>(high); ++c)
      set.set(static_cast<std::size_t>(c));
  }

  static bool add_class(ByteSet& set, char name) {
    ByteSet own{};
    switch (to_lower(name)) {
      case 'd': add(own, '0', '9'); break;
      case 's':
        for (const char c : {' ', '\t', '\n', '\f', '\r'}) add(own, c, c);
        break;
      case 'w':
        add(own, '0', '9');
        add(own, 'a', 'z');
        add(own, 'A', 'Z');
        add(own, '_', '_');
        break;
      default: return false;
    }
    set |= is_upper(name) ? ~own : own;
    return true;
  }

  // A byte, or a set of them; the byte where it is a single one, else -1.
  std::optional<int> one_byte(ByteSet& set) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case '.': set.set(); return -1;
      case '[': return bracket(set) ? std::optional(-1) : std::nullopt;
      case '\\': return escape(set);
      case '^':
      case '*':
      case '+':
      case '?':
      case '{': return std::nullopt;
      default: return letter(set, c);
    }
  }

  int letter(ByteSet& set, char c) const {
    add(set, c, c);
    if (!any_case_ || !is_alpha(c)) return static_cast<unsigned char>(c);
    const char other = is_upper(c) ? to_lower(c) : static_cast<char>(c - 'a' + 'A');
    add(set, other, other);
    return -1;
  }

  std::optional<int> escape(ByteSet& set) {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (add_class(set, c)) return -1;
    const char byte = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    if (is_alnum(c) && byte == c) return std::nullopt;
    add(set, byte, byte);
    return static_cast<unsigned char>(byte);
  }

  bool bracket(ByteSet& set) {
    if (any_case_) return false;
    const bool negated = consume(rest_, "^");
    do {
      if (!bracket_part(set)) return false;
    } while (!rest_.starts_with(']'));
    rest_.remove_prefix(1);
    if (negated) set.flip();
    return true;
  }

  // "a", "a-z" or "\\d".
  bool bracket_part(ByteSet& set) {
    if (rest_.empty() || rest_.starts_with("[:")) return false;
    const auto low = bracket_byte(set);
    if (!low || *low < 0) return low.has_value();
    auto high = low;
    if (rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']') {
      rest_.remove_prefix(1);
      ByteSet other{};
      high = bracket_byte(other);
    }
    if (!high || *high < *low) return false;
    add(set, static_cast<char>(*low), static_cast<char>(*high));
    return true;
  }

  // The byte; -1 for a class of them, which is in the set.
  std::optional<int> bracket_byte(ByteSet& set) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c == '\\' ? escape(set) : static_cast<unsigned char>(c);
  }

  std::string_view rest_;
  bool any_case_ = false;
  MatchSteps made_;
};

std::optional<MatchSteps> MatchSteps::of(std::string_view expression) {
  constexpr std::size_t kLongest = 8192;
  return expression.size() > kLongest ? std::nullopt : StepParser(expression).parse();
}

}  // namespace ahdiag
