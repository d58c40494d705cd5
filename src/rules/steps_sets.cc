// What the steps of an expression ask about the bytes of a text, prepared so that each byte is looked up once.
#include <algorithm>
#include <utility>

#include "rules/steps.h"
#include "text/ascii.h"

namespace ahdiag {

using Kind = MatchStep::Kind;

SetForm MatchSteps::form_of(const ByteSet& set) {
  using Form = SetForm::Kind;
  const std::size_t in = set.count(), out = set.size() - in;
  if (out == 0) return {Form::any, 0, 0};
  const bool one = in <= out;  // the odd ones are in
  const std::size_t odd = one ? in : out;
  if (odd == 0 || odd > std::tuple_size_v<Needles>) return {};
  std::string bytes;
  for (std::size_t byte = 0; byte < set.size(); ++byte) {
    if (set[byte] == one) bytes += static_cast<char>(byte);
  }
  if (odd == 1) return {one ? Form::only : Form::all_but, bytes[0], 0};
  Needles needles;
  for (std::size_t i = 0; i < needles.size(); ++i) needles.at(i).fill(bytes[i % bytes.size()]);
  needles_.push_back(needles);
  return {one ? Form::few : Form::all_but_few, 0, static_cast<std::uint16_t>(needles_.size() - 1)};
}

// The step of the text that stands behind a run, whichever way it was reached; 0 where something else does.
std::uint32_t MatchSteps::text_behind(std::size_t run) const {
  std::size_t next = run + 1;
  while (steps_[next].kind == Kind::save) ++next;
  return steps_[next].kind == Kind::text ? static_cast<std::uint32_t>(next) : 0;
}

// Texts that no way of the expression leaves out, from the first run on: what stands before it is tried at once anyway.
// Of a short expression a trial costs less than a look.
void MatchSteps::set_needed() {
  constexpr std::size_t kShort = 32;
  if (steps_.size() < kShort) return;
  const auto is_rare = [](char c) { return !is_alnum(c) && !is_blank(c); };
  std::size_t optional = 0;  // steps before this one may be left out
  bool behind_run = false;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const MatchStep& step = steps_[i];
    if (step.kind == Kind::either || step.kind == Kind::jump)
      optional = std::max(optional, i + static_cast<std::size_t>(step.to));
    behind_run = behind_run || step.kind == Kind::run;
    if (step.kind != Kind::text || i < optional || !behind_run) continue;
    const std::string_view text(texts_.data() + step.min, step.max);
    const auto* const rare = std::ranges::find_if(text, is_rare);
    needed_.push_back({step.min, step.max, static_cast<std::uint32_t>(rare == text.end() ? 0 : rare - text.begin())});
  }
}

// What the rest of the expression can begin with, from the last step to the first: no step leads back.
void MatchSteps::set_followers() {
  std::vector<ByteSet> first(steps_.size());
  std::vector<char> may_end(steps_.size());
  const auto keep = [&](std::size_t at) {
    sets_.push_back(first[at]);
    return static_cast<std::uint32_t>(sets_.size() - 1);
  };
  for (std::size_t i = steps_.size(); i-- > 0;) {
    MatchStep& step = steps_[i];
    const auto add = [&](std::size_t from) {
      first[i] |= first[from];
      may_end[i] = static_cast<char>(may_end[i] | may_end[from]);
    };
    const std::size_t target = i + static_cast<std::size_t>(step.to);
    switch (step.kind) {
      case Kind::text: first[i].set(static_cast<unsigned char>(texts_[step.min])); break;
      case Kind::byte: first[i] = sets_[step.set]; break;
      case Kind::run:
        first[i] = sets_[step.set];
        if (step.min == 0) add(i + 1);
        step.first = keep(i + 1);
        step.may_end = may_end[i + 1] != 0;
        step.text = text_behind(i);
        if (step.text != 0) {
          MatchStep& text = steps_[step.text];
          text.first = keep(step.text + 1);
          text.may_end = may_end[step.text + 1] != 0;
        }
        break;
      case Kind::either:
        add(i + 1);
        add(target);
        step.first = keep(i + 1);
        step.may_end = may_end[i + 1] != 0;
        step.set = keep(target);
        step.other_may_end = may_end[target] != 0;
        break;
      case Kind::jump: add(target); break;
      case Kind::save: add(i + 1); break;
      case Kind::end:
      case Kind::done: may_end[i] = 1; break;
    }
  }
  merge_sets();
  for (const auto& set : sets_) forms_.push_back(form_of(set));
  set_classes();
}

// Most sets of an expression are the same few.
void MatchSteps::merge_sets() {
  std::vector<ByteSet> all;
  std::vector<std::uint32_t> places;
  for (const auto& set : sets_) {
    const auto known = std::ranges::find(all, set);
    places.push_back(static_cast<std::uint32_t>(known - all.begin()));
    if (known == all.end()) all.push_back(set);
  }
  sets_ = std::move(all);
  for (auto& step : steps_) {
    if (step.kind == Kind::byte || step.kind == Kind::run || step.kind == Kind::either) step.set = places[step.set];
    if (step.first != MatchStep::kNoSet) step.first = places[step.first];
  }
}

void MatchSteps::set_classes() {
  constexpr std::size_t kBits = 64;
  words_ = (sets_.size() + kBits - 1) / kBits;
  std::vector<unsigned char> bytes;  // one of each class
  std::vector<std::uint64_t> mask(words_);
  for (std::size_t byte = 0; byte < classes_.size(); ++byte) {
    std::ranges::fill(mask, 0);
    for (std::size_t i = 0; i < sets_.size(); ++i) mask[i / kBits] |= std::uint64_t{sets_[i][byte]} << (i % kBits);
    const auto is_same = [&](std::size_t known) {
      return std::equal(mask.begin(), mask.end(), masks_.begin() + static_cast<std::ptrdiff_t>(known * words_));
    };
    std::size_t known = 0;
    while (known < bytes.size() && !is_same(known)) ++known;
    classes_.at(byte) = static_cast<std::uint8_t>(known);
    if (known < bytes.size()) continue;
    bytes.push_back(static_cast<unsigned char>(byte));
    masks_.insert(masks_.end(), mask.begin(), mask.end());
  }
  set_forks(bytes);
  sets_ = {};
}

// From the last step to the first: where the second way of an either is another one that leaves no choice, it is gone
// through at once.
void MatchSteps::set_forks(const std::vector<unsigned char>& bytes) {
  constexpr unsigned kLongest = (1U << 15U) - 1;
  for (std::size_t i = steps_.size(); i-- > 0;) {
    MatchStep& step = steps_[i];
    if (step.kind != Kind::either) continue;
    const auto& one = sets_[step.first];
    const auto& other = sets_[step.set];
    const MatchStep& second = steps_[i + static_cast<std::size_t>(step.to)];
    step.set = static_cast<std::uint32_t>(forks_.size());
    for (std::size_t k = 0; k < bytes.size(); ++k) {
      Fork fork;
      if (one[bytes[k]] && other[bytes[k]]) {
        fork.both = 1;
      } else if (one[bytes[k]]) {
        fork.step = 1;
      } else if (other[bytes[k]]) {
        if (second.kind == Kind::either) fork = forks_[second.set + k];
        fork.step = (fork.step + static_cast<unsigned>(step.to)) & kLongest;
      }
      forks_.push_back(fork);
    }
  }
}

}  // namespace ahdiag
