// Bytes on their way from a file through whatever unpacks them: pulled block by block, so that memory stays small.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "text/problem.h"

namespace ahdiag {

// What is pulled at once.
inline constexpr std::size_t kBlock = 256 * 1024;

// Room for a block, and in front of it for what its owner puts there: the begin of a line that the block before cut.
// The block begins with a page: into what lies a few bytes behind one's begin, as all that a plain new gives, some
// processors (Zen 3, whose "rep movsb" the kernel takes) copy four times slower.
inline constexpr std::size_t kPage = 4096, kLead = 16 * kPage;
struct alignas(kPage) Room {
  std::array<char, kLead + kBlock> bytes;

  [[nodiscard]] char* block() { return bytes.data() + kLead; }
};
using Buffer = std::unique_ptr<Room>;
inline Buffer make_buffer() { return std::make_unique_for_overwrite<Room>(); }

// Gives the next block, valid until the one after it is asked for; an empty one is the end.
using Blocks = std::function<std::string_view()>;

// How much a file may unpack to. Memory is bounded anyway: this bounds the time that a few crafted bytes can take.
// An honest log shrinks to a tenth or a hundredth; zeros in gzip to a thousandth. What is under the floor is read in a
// second or two, so that its ratio does not matter. A pipe from gzip -dc knows no limit.
struct Budget {
  static constexpr std::uint64_t kFloor = std::uint64_t{256} << 20;
  static constexpr std::uint64_t kRatio = 500;

  std::uint64_t read = 0;      // bytes of the file
  std::uint64_t unpacked = 0;  // bytes made of them, at all levels (a compressed log in a compressed tar has two)

  [[nodiscard]] bool spent() const { return unpacked > kFloor && unpacked / kRatio > read; }
};

// What the stages of one source share.
struct Flow {
  std::string name;  // as the report calls it
  Budget& budget;
  std::optional<Problem> trouble;  // the first thing that went wrong: the bytes end there

  void fail(Problem problem) {
    if (!trouble) trouble = std::move(problem);
  }
};

// Blocks of which the first bytes can be looked at before they are taken.
class Stream {
 public:
  explicit Stream(Blocks blocks) : blocks_(std::move(blocks)) {}

  // The next `size` bytes, which stay; fewer only where the end is nearer.
  std::string_view peek(std::size_t size);
  // What is there without waiting for more, which stays; empty only at the end.
  std::string_view ahead();
  // The next bytes, at least one and at most `most` of them; none at the end. Each view is valid until the next call.
  std::string_view take(std::size_t most = std::string_view::npos);
  // Of what was pulled, all is taken.
  [[nodiscard]] bool is_dry() const { return rest_.empty(); }

 private:
  Blocks blocks_;
  std::string gathered_;   // what a peek over a block's end put together
  std::string_view rest_;  // of the last block, or of gathered_
};

}  // namespace ahdiag
