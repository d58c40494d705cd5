#include "cli/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace ahdiag {
namespace {

constexpr std::string_view kErase = "\r\x1b[K";

std::string amount(double bytes) {
  static constexpr std::array units = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < units.size(); ++unit) bytes /= 1000;
  return fmt::format("{:.{}f} {}", bytes, bytes < 10 && unit > 0 ? 1 : 0, units.at(unit));
}

// In the background, or where the terminal understands no erasing, a bar would disturb.
bool has_terminal() {
  const char* term = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): one thread
  return ::isatty(STDERR_FILENO) == 1 && ::tcgetpgrp(STDERR_FILENO) == ::getpgrp() && term != nullptr &&
         std::strcmp(term, "dumb") != 0;
}

std::size_t columns_of_terminal() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

void show(std::string_view text) {
  const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(written);  // a bar that cannot be drawn is no trouble
}

}  // namespace

std::string progress_line(std::uint64_t done, std::uint64_t total, double seconds, std::size_t width) {
  const auto bytes = static_cast<double>(done);
  const std::string rate = seconds > 0 ? amount(bytes / seconds) + "/s" : "";
  if (total == 0) return fmt::format("{} read  {}", amount(bytes), rate).substr(0, width);
  const double share = std::min(1.0, bytes / static_cast<double>(total));
  const std::string percent = fmt::format("{:3.0f} %  ", share * 100);
  const std::string figures = fmt::format("  {} of {}  {}", amount(bytes), amount(static_cast<double>(total)), rate);
  constexpr std::size_t kLongestBar = 30, kShortestBar = 5;
  const std::size_t taken = percent.size() + figures.size() + 2;
  if (taken + kShortestBar > width) return (percent + figures.substr(2)).substr(0, width);
  const std::size_t room = std::min(kLongestBar, width - taken);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(room));
  return percent + "[" + std::string(full, '=') + std::string(room - full, ' ') + "]" + figures;
}

ProgressBar::ProgressBar(bool wanted) : wanted_(wanted && has_terminal()) {}

ProgressBar::~ProgressBar() {
  if (drawn_) show(kErase);
}

Tick ProgressBar::tick() {
  if (!wanted_) return {};
  return [this](std::uint64_t done, std::uint64_t total) { update(done, total); };
}

void ProgressBar::update(std::uint64_t done, std::uint64_t total) {
  const auto now = Clock::now();
  if (now < next_) return;
  constexpr auto kBetween = std::chrono::milliseconds(200);
  next_ = now + kBetween;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  // The last column stays free: terminals wrap there.
  show(std::string(kErase) + progress_line(done, total, seconds, columns_of_terminal() - 1));
}

}  // namespace ahdiag
