// A queue of a few, without memory of its own to be asked for.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <span>

namespace ahdiag {

template <typename T, std::size_t kRoom>
class Queue {
  static_assert(std::has_single_bit(kRoom));

 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == kRoom; }
  // The oldest, of one that is not empty.
  [[nodiscard]] const T& front() const { return all_[begin_ % kRoom]; }
  // All of them, the oldest first: to be gone through, changed, and sorted.
  [[nodiscard]] std::span<T> all() {
    std::rotate(all_.begin(), all_.begin() + begin_ % kRoom, all_.end());
    begin_ = 0;
    return std::span(all_).first(size_);
  }

  // Calls visit(one) for so many of the youngest, the oldest of them first, or for all.
  template <typename Visit>
  void for_last(std::size_t count, Visit visit) {
    for (std::size_t i = size_ - std::min(count, size_); i < size_; ++i) visit(all_[(begin_ + i) % kRoom]);
  }

  // Of one that is not full.
  void push(const T& one) { all_[(begin_ + size_++) % kRoom] = one; }
  // Of one that is not empty.
  T pop() {
    --size_;
    return all_[begin_++ % kRoom];
  }
  template <typename Fits>
  void erase_if(Fits fits) {
    const auto some = all();
    size_ = static_cast<std::size_t>(std::remove_if(some.begin(), some.end(), fits) - some.begin());
  }

 private:
  std::array<T, kRoom> all_{};
  std::size_t begin_ = 0, size_ = 0;
};

}  // namespace ahdiag
