// One member of packed bytes, by the library that knows it.
#pragma once

#include <memory>
#include <string_view>

#include "input/codec.h"

namespace ahdiag {

// What is still to be read, and the room for what becomes of it. A step takes from both.
struct Window {
  std::string_view in;
  char* out;
  std::size_t room;
};

enum class Progress { goes_on, member_ends, damaged, too_much_memory };

class Decoder {
 public:
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  // Goes as far as it can. What it made before damage is in the window all the same.
  virtual Progress step(Window& window) = 0;
};

// What a decoder may take at most; what asks for more ends with too_much_memory. xz -9 needs 65 MiB, zstd -22 128 MiB.
inline constexpr std::size_t kMostMemory = std::size_t{192} << 20;

std::unique_ptr<Decoder> make_decoder(Codec codec);

}  // namespace ahdiag
