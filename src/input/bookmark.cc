#include "input/bookmark.h"

#include <algorithm>

#include "text/digest.h"

namespace ahdiag {

bool Mark::fits(std::string_view bytes) const { return bytes.size() == size && ahdiag::digest(bytes) == digest; }

Mark mark_of(std::string_view bytes) { return {bytes.size(), digest(bytes)}; }

Trail::Trail(const Bookmark& bookmark, std::string head, std::string tail)
    : offset_(bookmark.offset), lines_(bookmark.lines), head_(std::move(head)), tail_(std::move(tail)) {}

void Trail::add(std::string_view bytes) {
  offset_ += bytes.size();
  head_.append(bytes.substr(0, kMark - head_.size()));
  tail_.append(bytes.substr(bytes.size() - std::min(bytes.size(), kMark)));
  if (tail_.size() > kMark) tail_.erase(0, tail_.size() - kMark);
}

Bookmark Trail::bookmark() const {
  Bookmark bookmark;
  bookmark.offset = offset_;
  bookmark.lines = lines_;
  bookmark.head = mark_of(head_);
  bookmark.tail = mark_of(tail_);
  return bookmark;
}

}  // namespace ahdiag
