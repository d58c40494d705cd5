// The steps of an expression, tried on a text.
#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "rules/steps.h"
#include "text/bytes.h"

namespace ahdiag {
namespace {

using Kind = MatchStep::Kind;
using Answer = MatchSteps::Answer;

constexpr std::size_t kMostTurns = 64;
constexpr std::size_t kMostPlaces = 66;  // begins and ends of groups
constexpr std::uint32_t kNowhere = UINT32_MAX;

// What can be done otherwise, if all that comes behind it leads nowhere.
struct Turn {
  enum class Way : std::uint16_t { other, resize } way;
  std::uint16_t saves;  // places that were saved before it
  std::uint32_t step;
  std::uint32_t at;     // of the text
  std::uint32_t limit;  // resize: how far the run may go
};

// Where a group begins or ends on the way that was taken.
struct Save {
  std::uint32_t place;  // its number
  std::uint32_t at;     // of the text
};

// Where an attempt is: in two registers, as long as it is handed on by value. Without a step: nowhere.
struct Spot {
  const MatchStep* step = nullptr;
  std::uint32_t at = 0;  // of the text

  explicit operator bool() const { return step != nullptr; }
};

}  // namespace

// One text before one expression. All of it is put in one place: where the attempt is stays in registers.
class MatchAttempt {
 public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is read of them was written before
  MatchAttempt(const MatchSteps& all, std::string_view text)
      : steps_(all.steps_.data()),
        classes_(all.classes_.data()),
        masks_(all.masks_.data()),
        forks_(all.forks_.data()),
        words_(all.words_),
        forms_(all.forms_.data()),
        needles_(all.needles_.data()),
        texts_(all.texts_.data()),
        text_(text.data()),
        size_(static_cast<std::uint32_t>(text.size())),
        purse_(static_cast<std::ptrdiff_t>(kMinPurse + text.size() * kPurseByte)) {}

  static bool has_room(const MatchSteps& all, std::string_view text) {
    return all.groups_.size() * 2 <= kMostPlaces && text.size() < kNowhere;
  }

  Answer run() {
    for (Spot now{steps_, 0};;) {
      if (now.step->kind == Kind::done && now.at == size_) return Answer::yes;
      now = take(now);
      if (now) continue;
      if (full_) return Answer::gave_up;
      now = turn_back();
      if (!now) return count_ > 0 ? Answer::gave_up : Answer::no;
    }
  }

  // Of an attempt that found a way: the texts of as many groups as there are, into empty ones.
  void tell(std::span<std::string_view> groups) const {
    std::array<std::uint32_t, kMostPlaces / 2> begins;  // NOLINT(cppcoreguidelines-pro-type-member-init): a group
                                                        // begins before it ends
    for (const auto& [place, at] : std::span(saves_).first(saved_)) {
      const std::uint32_t group = place / 2;
      if (place % 2 == 0) {
        begins[group] = at;  // NOLINT: has_room() was asked
      } else {
        groups[group] = {text_ + begins[group], at - begins[group]};  // NOLINT: the same
      }
    }
  }

 private:
  static constexpr std::size_t kMinPurse = 200, kPurseByte = 8;
  static constexpr std::size_t kTurnCost = 2, kBytesForOne = 8;

  [[nodiscard]] std::size_t class_at(std::uint32_t at) const { return classes_[static_cast<unsigned char>(text_[at])]; }
  [[nodiscard, gnu::always_inline]] bool holds(std::uint32_t set, std::uint32_t at) const {
    constexpr std::uint32_t kBits = 64;
    const std::uint64_t* const mask = masks_ + class_at(at) * words_;
    return ((mask[set / kBits] >> (set % kBits)) & 1U) != 0;
  }
  void pay(std::size_t cost) { purse_ -= static_cast<std::ptrdiff_t>(cost); }

  // Where it goes on behind the step; nowhere if that does not fit.
  [[gnu::always_inline]] Spot take(Spot now) {
    const MatchStep& step = *now.step;
    switch (step.kind) {
      case Kind::text: return stands(step, now.at) ? Spot{now.step + 1, now.at + step.max} : Spot{};
      case Kind::byte: return now.at < size_ && holds(step.set, now.at) ? Spot{now.step + 1, now.at + 1} : Spot{};
      case Kind::run: return take_run(now);
      case Kind::either: return choose(now);
      case Kind::jump: return {now.step + step.to, now.at};
      case Kind::save: save(step, now.at); return {now.step + 1, now.at};
      case Kind::end: return now.at == size_ ? Spot{now.step + 1, now.at} : Spot{};
      case Kind::done: break;
    }
    return {};
  }

  void save(const MatchStep& place, std::uint32_t at) {
    saves_[saved_++] = {place.max, at};  // NOLINT: no step is taken twice, and has_room() was asked
  }

  // False where there is no room for one more.
  [[gnu::always_inline]] bool push(Turn::Way way, std::uint32_t step, std::uint32_t at, std::uint32_t limit = 0) {
    full_ = count_ == kMostTurns;
    if (!full_) turns_[count_++] = {way, saved_, step, at, limit};  // NOLINT: below the size
    return !full_;
  }

  [[nodiscard]] std::uint32_t number_of(const MatchStep* step) const {
    return static_cast<std::uint32_t>(step - steps_);
  }

  [[nodiscard, gnu::always_inline]] bool stands(const MatchStep& text, std::uint32_t at) const {
    return size_ - at >= text.max && same_bytes(text_ + at, texts_ + text.min, text.max);
  }

  // Only ways that the next byte can begin are tried.
  [[gnu::always_inline]] Spot choose(Spot now) {
    const MatchStep* step = now.step;
    if (now.at == size_) {
      if (step->may_end && step->other_may_end && !push_other(step, now.at)) return {};
      if (step->may_end) return {step + 1, now.at};
      return step->other_may_end ? Spot{step + step->to, now.at} : Spot{};
    }
    const Fork fork = forks_[step->set + class_at(now.at)];
    if (fork.is_none()) return {};
    step += fork.step;
    if (fork.both == 0) return {step, now.at};
    return push_other(step, now.at) ? Spot{step + 1, now.at} : Spot{};
  }

  [[gnu::always_inline]] bool push_other(const MatchStep* either, std::uint32_t at) {
    return push(Turn::Way::other, number_of(either + either->to), at);
  }

  [[gnu::always_inline]] Spot take_run(Spot now) {
    const MatchStep& run = *now.step;
    const std::uint32_t most = now.at + std::min(size_ - now.at, run.max);
    const std::uint32_t end = run_end(run, now.at, most);
    pay((end - now.at) / kBytesForOne);
    if (end - now.at < run.min) return {};
    const std::uint32_t begin = now.at + run.min;
    return run.lazy ? resize(now.step, begin, end) : resize(now.step, end, begin);
  }

  // Where the bytes end that the run may take, from `at` to `most`.
  [[nodiscard]] std::uint32_t run_end(const MatchStep& run, std::uint32_t at, std::uint32_t most) const {
    const SetForm form = forms_[run.set];
    if (form.kind == SetForm::Kind::any) return most;
    if (form.kind == SetForm::Kind::all_but) return find(form.byte, at, most);
    if (form.kind == SetForm::Kind::all_but_few) return find_edge(run.set, at, most);
    while (at < most && holds(run.set, at)) ++at;
    return at;
  }

  // Of a set that is a few bytes, the first place from `from` to before `end` that one of them takes, or `end`; of all
  // bytes but a few, the first that one of these takes.
  [[nodiscard]] std::uint32_t find_edge(std::uint32_t set, std::uint32_t from, std::uint32_t end) const {
    const Needles& needles = needles_[forms_[set].needles];
    return scan(from, end, [&](const Bytes16& here) {
      auto found = here.equal(Bytes16(needles[0].data()));
      for (std::size_t i = 1; i < needles.size(); ++i)
        found = found | here.equal(Bytes16(needles[i].data()));  // NOLINT: below the size
      return found;
    });
  }

  // The first `byte` from `from` to before `end`, or `end`.
  [[nodiscard]] std::uint32_t find(char byte, std::uint32_t from, std::uint32_t end) const {
    return scan(from, end, [&](const Bytes16& here) { return here.equal(byte); });
  }

  // The first place from `from` to before `end` that what is asked is true of, or `end`. Sixteen at a time; the last
  // sixteen stand in the text wherever they begin.
  template <typename Ask>
  [[nodiscard, gnu::always_inline]] std::uint32_t scan(std::uint32_t from, std::uint32_t end, Ask ask) const {
    if (size_ < kWide) return from < end ? scan_short(from, end, ask) : end;
    for (std::uint32_t at = from; at < end; at += kWide) {
      const std::uint32_t begin = std::min<std::uint32_t>(at, size_ - static_cast<std::uint32_t>(kWide));
      const std::uint32_t found = ask(Bytes16(text_ + begin)).bits() >> (at - begin);
      if (found != 0) return std::min(end, at + static_cast<std::uint32_t>(std::countr_zero(found)));
    }
    return end;
  }
  template <typename Ask>
  [[nodiscard]] std::uint32_t scan_short(std::uint32_t from, std::uint32_t end, Ask ask) const {
    std::array<char, kWide> whole{};
    std::memcpy(whole.data(), text_, size_);
    const std::uint32_t found = ask(Bytes16(whole.data())).bits() >> from;
    return found == 0 ? end : std::min(end, from + static_cast<std::uint32_t>(std::countr_zero(found)));
  }

  // The same from the end.
  [[nodiscard]] std::uint32_t find_last(char byte, std::uint32_t from, std::uint32_t end) const {
    const auto found = from < end ? rfind_byte({text_ + from, end - from}, byte) : std::string_view::npos;
    return found == std::string_view::npos ? kNowhere : from + static_cast<std::uint32_t>(found);
  }

  // Whether what follows the run at once can stand at `at`, where its first byte does.
  [[nodiscard, gnu::always_inline]] bool can_follow(const MatchStep& run, std::uint32_t at) const {
    if (run.text == 0) return true;
    const MatchStep& text = steps_[run.text];
    if (!stands(text, at)) return false;
    const std::uint32_t behind = at + text.max;
    return behind == size_ ? text.may_end : holds(text.first, behind);
  }

  // The next place from `from` up to `limit`, that included, where a lazy run may end; kNowhere without one.
  [[nodiscard]] std::uint32_t next_end(const MatchStep& run, std::uint32_t from, std::uint32_t limit) const {
    const SetForm first = forms_[run.first];
    const std::uint32_t before = std::min(limit + 1, size_);
    for (std::uint32_t at = from;; ++at) {
      if (first.kind == SetForm::Kind::only) {
        at = find(first.byte, at, before);
      } else if (first.kind == SetForm::Kind::few) {
        at = find_edge(run.first, at, before);
      } else {
        while (at < before && !holds(run.first, at)) ++at;
      }
      if (at >= before) return limit == size_ && run.may_end ? limit : kNowhere;
      if (can_follow(run, at)) return at;
    }
  }

  // The same from `from` down to `limit` for one that takes what it can.
  [[nodiscard]] std::uint32_t last_end(const MatchStep& run, std::uint32_t from, std::uint32_t limit) const {
    if (from == size_) {
      if (run.may_end) return from;
      if (from == limit) return kNowhere;
      --from;
    }
    const SetForm first = forms_[run.first];
    for (std::uint32_t end = from + 1; end > limit; --end) {  // before `end`
      if (first.kind == SetForm::Kind::only) {
        const std::uint32_t found = find_last(first.byte, limit, end);
        if (found == kNowhere) return kNowhere;
        end = found + 1;
      } else {
        while (end > limit && !holds(run.first, end - 1)) --end;
        if (end == limit) return kNowhere;
      }
      if (can_follow(run, end - 1)) return end - 1;
    }
    return kNowhere;
  }

  // Ends the run at the first place from `from` to `limit` behind which something can follow.
  Spot resize(const MatchStep* step, std::uint32_t from, std::uint32_t limit) {
    const MatchStep& run = *step;
    const std::uint32_t at = run.lazy ? next_end(run, from, limit) : last_end(run, from, limit);
    const std::uint32_t looked_to = at == kNowhere ? limit : at;
    pay((std::max(from, looked_to) - std::min(from, looked_to)) / kBytesForOne);
    if (at == kNowhere) return {};
    if (at != limit && !push(Turn::Way::resize, number_of(step), run.lazy ? at + 1 : at - 1, limit)) return {};
    return run.text == 0 ? Spot{step + 1, at} : pass_text(step, at);
  }

  // Behind the text that stands behind the run: it was compared already.
  [[gnu::always_inline]] Spot pass_text(const MatchStep* run, std::uint32_t at) {
    const MatchStep* const text = steps_ + run->text;
    for (const MatchStep* step = run + 1; step != text; ++step) save(*step, at);
    return {text + 1, at + text->max};
  }

  // Takes the last turn otherwise. Nowhere where there is none left, or, with some left, where the purse is empty.
  Spot turn_back() {
    while (count_ > 0) {
      pay(kTurnCost);
      if (purse_ < 0 || full_) return {};
      const Turn turn = turns_[--count_];  // NOLINT: one of those pushed
      saved_ = turn.saves;
      const MatchStep* const step = steps_ + turn.step;
      if (turn.way == Turn::Way::other) return {step, turn.at};
      if (const Spot now = resize(step, turn.at, turn.limit)) return now;
    }
    return {};
  }

  const MatchStep* steps_;
  const std::uint8_t* classes_;
  const std::uint64_t* masks_;
  const Fork* forks_;
  std::size_t words_;
  const SetForm* forms_;
  const Needles* needles_;
  const char* texts_;
  const char* text_;
  std::uint32_t size_;
  std::ptrdiff_t purse_;
  std::uint32_t count_ = 0;
  bool full_ = false;
  std::uint16_t saved_ = 0;
  std::array<Turn, kMostTurns> turns_;   // NOLINT(cppcoreguidelines-pro-type-member-init): the first count_ are
  std::array<Save, kMostPlaces> saves_;  // NOLINT(cppcoreguidelines-pro-type-member-init): the first saved_ are
};

// Each in its place behind the one before: where one is missing, nothing has to be tried.
bool MatchSteps::has_needed(std::string_view text) const {
  std::size_t at = 0;
  for (const auto& [begin, size, rare] : needed_) {
    const std::string_view needed(texts_.data() + begin, size);
    for (at += rare;; ++at) {
      at = text.find(needed[rare], at);
      if (at == std::string_view::npos || at - rare + size > text.size()) return false;
      if (same_bytes(text.data() + at - rare, needed.data(), size)) break;
    }
    at += size - rare;
  }
  return true;
}

Answer MatchSteps::match(std::string_view text, std::vector<std::string_view>& groups, bool likely) const {
  if (!MatchAttempt::has_room(*this, text)) return Answer::gave_up;
  if (!likely && !has_needed(text)) return Answer::no;
  MatchAttempt attempt(*this, text);
  const Answer answer = attempt.run();
  if (answer == Answer::gave_up && likely && !has_needed(text)) return Answer::no;
  if (answer != Answer::yes) return answer;
  groups.assign(groups_.size(), {});
  attempt.tell(groups);
  return answer;
}

}  // namespace ahdiag
