// Where the lines of a text end: all of a piece at once, without a branch that depends on how long they are.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace ahdiag {

class Newlines {
 public:
  static constexpr std::size_t kPiece = 4096;  // bytes looked at together

  Newlines() : Newlines(can_be_wide()) {}
  // `wide`: by instructions that only some processors have, in half the time.
  explicit Newlines(bool wide);
  [[nodiscard]] static bool can_be_wide();

  // Offsets of the newlines in a text of at most kPiece bytes, valid until the next call.
  std::span<const std::uint16_t> find(std::string_view piece);

 private:
  // Of so many times sixty-four bytes; how many newlines there are.
  using Find = std::size_t (*)(const char* text, std::size_t chunks, std::uint16_t* ends);

  Find find_;
  std::array<std::uint16_t, kPiece + 1> ends_;  // always with room for one more
};

}  // namespace ahdiag
