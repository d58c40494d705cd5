// What the bytes of a source are: text, in which encoding and with which line ends, or no text at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/problem.h"

namespace ahdiag {

// What the first bytes show; of more than this, nothing more is learnt.
inline constexpr std::size_t kSample = 64 * 1024;

enum class Encoding { bytes, utf16le, utf16be };  // bytes: UTF-8, or whatever a program's words were in

struct TextShape {
  Encoding encoding = Encoding::bytes;
  std::size_t mark = 0;           // length of the byte order mark
  bool carriage_returns = false;  // alone they end the lines
};
TextShape text_shape(std::string_view sample);

// What is no text: known by its magic, or because many of its bytes stand in no text. Bytes that are no UTF-8, a few
// control characters, and NULs in a row (the hole that a crash or a truncation leaves in a log) are text all the same.
std::optional<Problem> binary_problem(std::string_view sample, const std::string& name);

// Text as UTF-8 with newlines, block by block.
class TextDecoder {
 public:
  explicit TextDecoder(const TextShape& shape) : shape_(shape), mark_(shape.mark) {}

  // Valid until the next call; `block` itself where it needs no change.
  std::string_view decode(std::string_view block);
  // What stands for a character that the end cut.
  std::string_view finish();

 private:
  void unit(char16_t unit);
  void point(char32_t point);

  TextShape shape_;
  std::size_t mark_;  // bytes of it that are still to come
  std::optional<char> half_;
  char16_t high_ = 0;  // a surrogate that waits for its pair
  std::string out_;
};

}  // namespace ahdiag
