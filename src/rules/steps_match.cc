// The steps of an expression, tried on a text.
#include <algorithm>
#include <cstring>

#include "rules/steps.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

using Kind = MatchStep::Kind;
using Answer = MatchSteps::Answer;

constexpr std::size_t kMostTurns = 64;
constexpr std::size_t kMostPlaces = 66;  // begins and ends of groups
constexpr std::size_t kNowhere = SIZE_MAX;

// What can be done otherwise, if all that comes behind it leads nowhere.
struct Turn {
  enum class Way : std::uint8_t { other, resize, restore } way;
  std::uint32_t step;  // restore: number of the place
  std::size_t at;      // of the text; restore: what stood there
  std::size_t limit;   // resize: how far the run may go
};

}  // namespace

// One text before one expression.
class MatchAttempt {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is read of them was written before
  MatchAttempt(const MatchSteps& all, std::string_view text)
      : all_(all), text_(text), purse_(static_cast<std::ptrdiff_t>(kMinPurse + text.size() * kPurseByte)) {
    std::fill_n(places_.begin(), std::min(all.groups_.size() * 2, places_.size()), kNowhere);
  }

  Answer run() {
    if (all_.groups_.size() * 2 > places_.size()) return Answer::gave_up;
    while (true) {
      const MatchStep& now = all_.steps_[step_];
      if (now.kind == Kind::done && at_ == text_.size()) return Answer::yes;
      if (take(now)) continue;
      if (full_) return Answer::gave_up;
      if (const auto end = turn_back()) return *end;
    }
  }

  [[nodiscard]] std::string_view group(std::size_t i) const {
    const std::size_t begin = places_[2 * i], end = places_[2 * i + 1];
    return end == kNowhere ? std::string_view() : std::string_view(text_.data() + begin, end - begin);
  }

 private:
  static constexpr std::size_t kMinPurse = 200, kPurseByte = 8;
  static constexpr std::size_t kTurnCost = 2, kBytesForOne = 8;

  [[nodiscard]] bool holds(const ByteSet& set, std::size_t i) const {
    return set[static_cast<unsigned char>(text_[i])];  // NOLINT(cppcoreguidelines-pro-bounds-constant-array-index)
  }
  void pay(std::size_t cost) { purse_ -= static_cast<std::ptrdiff_t>(cost); }

  // False where there is no room for one more.
  bool push(Turn::Way way, std::size_t step, std::size_t at, std::size_t limit = 0) {
    full_ = count_ == kMostTurns;
    if (!full_) turns_[count_++] = {way, static_cast<std::uint32_t>(step), at, limit};  // NOLINT: below the size
    return !full_;
  }

  // Most texts differ in their first bytes.
  [[nodiscard]] bool stands(const MatchStep& text, std::size_t at) const {
    if (text_.size() - at < text.max) return false;
    const char* const here = text_.data() + at;
    const char* const wanted = all_.texts_.data() + text.min;
    std::size_t same = 0;
    for (; same + sizeof(std::uint64_t) <= text.max; same += sizeof(std::uint64_t)) {
      if (std::memcmp(here + same, wanted + same, sizeof(std::uint64_t)) != 0) return false;
    }
    for (; same < text.max; ++same) {
      if (here[same] != wanted[same]) return false;
    }
    return true;
  }

  bool take(const MatchStep& now) {
    switch (now.kind) {
      case Kind::text: {
        if (!stands(now, at_)) return false;
        at_ += now.max;
        ++step_;
        return true;
      }
      case Kind::byte: ++step_; return at_ < text_.size() && holds(all_.sets_[now.set], at_++);
      case Kind::run: return take_run(now);
      case Kind::either: return choose(now);
      case Kind::jump: step_ += static_cast<std::size_t>(now.to); return true;
      case Kind::save:
        if (count_ > 0 && !push(Turn::Way::restore, now.max, places_[now.max])) return false;
        places_[now.max] = at_;  // NOLINT: below the size, as run() has asked
        ++step_;
        return true;
      case Kind::end: ++step_; return at_ == text_.size();
      case Kind::done: break;
    }
    return false;
  }

  // Only ways that the next byte can begin are tried.
  bool choose(const MatchStep& now) {
    const bool end = at_ == text_.size();
    const bool one = end ? now.may_end : holds(all_.sets_[now.first], at_);
    const bool other = end ? now.other_may_end : holds(all_.sets_[now.set], at_);
    const std::size_t second = step_ + static_cast<std::size_t>(now.to);
    if (one && other && !push(Turn::Way::other, second, at_)) return false;
    step_ = one ? step_ + 1 : second;
    return one || other;
  }

  bool take_run(const MatchStep& now) {
    const std::size_t left = text_.size() - at_;
    const std::size_t most = at_ + std::min<std::size_t>(left, now.max);
    const std::size_t end = run_end(now, most);
    pay((end - at_) / kBytesForOne);
    const std::size_t begin = at_ + now.min;
    if (begin > end) return false;
    return now.lazy ? resize(step_, begin, end) : resize(step_, end, begin);
  }

  // Where the bytes end that the run may take, from here to `most`.
  [[nodiscard]] std::size_t run_end(const MatchStep& run, std::size_t most) const {
    const SetForm form = all_.forms_[run.set];
    if (form.kind == SetForm::Kind::any) return most;
    if (form.kind == SetForm::Kind::all_but) return std::min(most, find(form.byte, at_, most));
    const ByteSet& set = all_.sets_[run.set];
    std::size_t end = at_;
    while (end < most && holds(set, end)) ++end;
    return end;
  }

  // The first `byte` from `from` to before `end`, or npos.
  [[nodiscard]] std::size_t find(char byte, std::size_t from, std::size_t end) const {
    const void* const found = from < end ? std::memchr(text_.data() + from, byte, end - from) : nullptr;
    return found == nullptr ? kNowhere : static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
  }

  // The same from the end.
  [[nodiscard]] std::size_t find_last(char byte, std::size_t from, std::size_t end) const {
    const auto found = from < end ? rfind_byte(text_.substr(from, end - from), byte) : std::string_view::npos;
    return found == std::string_view::npos ? kNowhere : from + found;
  }

  // Whether something can follow the run that ends at `at`.
  [[nodiscard]] bool can_follow(const MatchStep& run, std::size_t at) const {
    if (at == text_.size()) return run.may_end;
    if (!holds(all_.sets_[run.first], at)) return false;
    if (run.text == 0) return true;
    const MatchStep& text = all_.steps_[run.text];
    if (!stands(text, at)) return false;
    const std::size_t behind = at + text.max;
    return behind == text_.size() ? text.may_end : holds(all_.sets_[text.first], behind);
  }

  // The next place from `from` to `limit`, that included, where a run may end; kNowhere without one.
  [[nodiscard]] std::size_t next_end(const MatchStep& run, std::size_t from, std::size_t limit) const {
    const SetForm first = all_.forms_[run.first];
    const bool only = first.kind == SetForm::Kind::only;
    for (std::size_t at = from;; run.lazy ? ++at : --at) {
      if (can_follow(run, at)) return at;
      if (at == limit) return kNowhere;
      if (!only) continue;
      // To just before the next place where that byte stands; the text's end is looked at by itself.
      const bool ends = run.lazy && run.may_end && limit == text_.size();
      const std::size_t next =
          run.lazy ? find(first.byte, at + 1, std::min(limit + 1, text_.size())) : find_last(first.byte, limit, at);
      if (next != kNowhere)
        at = run.lazy ? next - 1 : next + 1;
      else if (ends)
        at = limit - 1;
      else
        return kNowhere;
    }
  }

  // Ends the run at the first place from `from` to `limit` behind which something can follow.
  bool resize(std::size_t step, std::size_t from, std::size_t limit) {
    const MatchStep& run = all_.steps_[step];
    const std::size_t at = next_end(run, from, limit);
    const std::size_t looked_to = at == kNowhere ? limit : at;
    pay((std::max(from, looked_to) - std::min(from, looked_to)) / kBytesForOne);
    if (at == kNowhere) return false;
    if (at != limit && !push(Turn::Way::resize, step, run.lazy ? at + 1 : at - 1, limit)) return false;
    at_ = at;
    step_ = step + 1;
    return true;
  }

  // Takes the last turn otherwise; the answer, where there is none left or the purse is empty.
  std::optional<Answer> turn_back() {
    while (count_ > 0) {
      pay(kTurnCost);
      if (purse_ < 0 || full_) return Answer::gave_up;
      const Turn turn = turns_[--count_];  // NOLINT: one of those pushed
      switch (turn.way) {
        case Turn::Way::restore: places_[turn.step] = turn.at; break;
        case Turn::Way::other:
          step_ = turn.step;
          at_ = turn.at;
          return std::nullopt;
        case Turn::Way::resize:
          if (resize(turn.step, turn.at, turn.limit)) return std::nullopt;
          break;
      }
    }
    return Answer::no;
  }

  const MatchSteps& all_;
  std::string_view text_;
  std::ptrdiff_t purse_;
  std::size_t at_ = 0, step_ = 0, count_ = 0;
  bool full_ = false;
  std::array<Turn, kMostTurns> turns_;           // NOLINT(cppcoreguidelines-pro-type-member-init): the first count_ are
  std::array<std::size_t, kMostPlaces> places_;  // NOLINT(cppcoreguidelines-pro-type-member-init): those of the groups
};

Answer MatchSteps::match(std::string_view text, std::vector<std::string_view>& groups) const {
  MatchAttempt attempt(*this, text);
  const Answer answer = attempt.run();
  if (answer != Answer::yes) return answer;
  groups.resize(groups_.size());
  for (std::size_t i = 0; i < groups_.size(); ++i) groups[i] = attempt.group(i);
  return answer;
}

}  // namespace ahdiag
