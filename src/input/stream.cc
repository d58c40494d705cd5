#include "input/stream.h"

namespace ahdiag {

std::string_view Stream::peek(std::size_t size) {
  if (rest_.size() < size) {
    std::string together(rest_);
    while (together.size() < size) {
      const auto block = blocks_();
      if (block.empty()) break;
      together += block;
    }
    gathered_ = std::move(together);
    rest_ = gathered_;
  }
  return rest_.substr(0, size);
}

std::string_view Stream::ahead() {
  if (rest_.empty()) rest_ = blocks_();
  return rest_;
}

std::string_view Stream::take(std::size_t most) {
  if (most == 0) return {};
  const auto taken = ahead().substr(0, most);
  rest_.remove_prefix(taken.size());
  return taken;
}

}  // namespace ahdiag
