#include "input/log_text.h"

#include <algorithm>

namespace ahdiag {
namespace {

// A pipe would wait for its writer, a device for ever.
std::string only_a_file(const std::string& path, Flow& flow) {
  const auto status = status_of(path);
  if (!status || status->regular) return path;
  flow.fail({"is no file", path, "", "name the log that httpd writes"});
  return "";
}

}  // namespace

LogText::LogText(const std::string& path) : flow_{path, budget_, std::nullopt}, file_(only_a_file(path, flow_), flow_) {
  const auto status = file_.status();
  if (!status || flow_.trouble) return;
  status_ = *status;
  opened_ = true;
  Stream stream([this] { return file_.next(); });
  codec_ = codec_of(stream.peek(kCodecHead));
}

bool LogText::is_file_of(const Bookmark& bookmark) const {
  return status_.device == bookmark.device && status_.inode == bookmark.inode;
}

std::optional<Trail> LogText::holds(const Bookmark& bookmark) {
  if (!opened_) return std::nullopt;
  if (bookmark.offset == 0) return is_file_of(bookmark) ? std::optional(Trail()) : std::nullopt;
  if (!is_packed() && status_.size < bookmark.offset) return std::nullopt;
  std::string head = bytes(0, bookmark.head.size);
  if (!bookmark.head.fits(head)) return std::nullopt;
  std::string tail = bytes(bookmark.offset - bookmark.tail.size, bookmark.tail.size);
  if (!bookmark.tail.fits(tail)) return std::nullopt;
  return Trail(bookmark, std::move(head), std::move(tail));
}

std::string LogText::bytes(std::uint64_t offset, std::uint64_t size) {
  std::string all;
  const auto next = from(offset);
  for (auto block = next(); !block.empty() && all.size() < size; block = next()) all += block;
  all.resize(std::min<std::uint64_t>(all.size(), size));
  return all;
}

Blocks LogText::from(std::uint64_t offset) {
  if (opened_) flow_.trouble.reset();
  if (!opened_ || !file_.seek(is_packed() ? 0 : offset)) return [] { return std::string_view(); };
  if (!is_packed()) return [this] { return file_.next(); };
  packed_.emplace([this] { return file_.next(); });
  unpacker_.emplace(*codec_, *packed_, flow_);
  text_.emplace([this] { return unpacker_->next(); });
  while (offset > 0) {
    const auto skipped = text_->take(offset);
    if (skipped.empty()) break;
    offset -= skipped.size();
  }
  return [this] { return text_->take(); };
}

}  // namespace ahdiag
