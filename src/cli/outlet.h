// A report on its way out: gathered to pieces worth a call, each written when it is full.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace ahdiag {

// closed: the reader went away, and has seen enough.
enum class WriteResult { done, closed, failed };

class Outlet {
 public:
  using Write = std::function<WriteResult(std::string_view)>;
  explicit Outlet(Write write) : write_(std::move(write)) {}

  void add(std::string_view text) {
    if (result_ != WriteResult::done) return;
    piece_ += text;
    if (piece_.size() >= kPiece) flush();
  }
  // Writes what is left, and tells what became of all of it.
  WriteResult finish() {
    if (result_ == WriteResult::done) flush();
    return result_;
  }

 private:
  static constexpr std::size_t kPiece = 65536;

  void flush() {
    result_ = write_(piece_);
    piece_.clear();
  }

  Write write_;
  std::string piece_;
  WriteResult result_ = WriteResult::done;  // nothing is written after another
};

}  // namespace ahdiag
