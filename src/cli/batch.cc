#include "cli/batch.h"

#include <algorithm>
#include <cstring>

#include "text/bytes.h"
#include "text/processors.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostOwn = kBlock;     // bytes of lines that a batch owns
constexpr std::size_t kMostOwnLines = 8192;  // of very short ones
static_assert(kLead >= kLongestLine);

}  // namespace

void Batch::add(const Line& line) {
  own_lines.push_back({own.size(), line.text.size(), line.number, line.cut});
  own += line.text;
}

bool Batch::is_full() const { return own.size() >= kMostOwn || own_lines.size() >= kMostOwnLines; }

void Batch::clear() {
  own.clear();
  text = {};
  own_lines.clear();
  lines.clear();
  stretches.clear();
  unknown.clear();
  recognitions.clear();
}

Cutter::Cutter(const Pull& pull)
    : pull_(pull),
      own_line_([this](const Line& line) {
        filling_->add({line.text, 0, line.cut});
      }),
      splitter_(own_line_) {}

bool Cutter::next(Batch& batch) {
  constexpr std::chrono::milliseconds kLongestRead(1);  // of what is in memory; on a pipe or a disk, others wait asleep
  const auto lock = lock_awake(mutex_, kLongestRead);
  if (ended_) return false;
  filling_ = &batch;
  std::string_view bytes = pull_(batch.buffer);
  bytes_ += bytes.size();
  ended_ = bytes.empty();
  batch.turn = turns_++;
  if (ended_) {
    splitter_.block(tail_);
    splitter_.finish();
    return true;
  }
  if (splitter_.is_amid_line()) bytes = finish_line(bytes);
  cut(bytes, batch);
  return true;
}

// What stands behind the long line that waits for its end.
std::string_view Cutter::finish_line(std::string_view bytes) {
  const auto size = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
  splitter_.block(bytes.substr(0, size));
  return bytes.substr(size);
}

// Whole lines stay where they stand, behind the begin of the first, which the block before had.
void Cutter::cut(std::string_view bytes, Batch& batch) {
  const auto last = rfind_byte(bytes, '\n');
  if (last == std::string_view::npos) return keep_tail(bytes);
  char* const block = batch.buffer->block();
  char* const begin = block + (bytes.data() - block) - tail_.size();
  std::memcpy(begin, tail_.data(), tail_.size());
  batch.text = {begin, tail_.size() + last + 1};
  tail_.clear();
  keep_tail(bytes.substr(last + 1));
}

void Cutter::keep_tail(std::string_view bytes) {
  tail_ += bytes;
  if (tail_.size() <= kLead) return;
  splitter_.block(tail_);
  tail_.clear();
}

}  // namespace ahdiag
