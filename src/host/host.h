// The machine that a report is about: this one, or a tree of another. Looked at, never changed; no program is started.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "host/account.h"
#include "host/httpd_config.h"
#include "host/system.h"
#include "host/tree.h"

namespace ahdiag {

class Host {
 public:
  // `root`: "/" for this machine, or the directory where another system is mounted.
  static std::variant<Host, Problem> open(const std::string& root);

  [[nodiscard]] const Tree& tree() const { return tree_; }
  [[nodiscard]] const Accounts& accounts() const { return accounts_; }
  [[nodiscard]] bool is_this_machine() const { return tree_.is_this_machine(); }
  // Processes, ports and limits belong to the running kernel: a mounted tree has none.
  [[nodiscard]] const HttpdConfig& config() const { return config_; }
  [[nodiscard]] bool has_config() const { return !config_.directives.empty(); }

  // `envvars` may be empty.
  void read_configuration(const std::string& file, const std::string& server_root, const std::string& envvars);

  // Paths come from a log, and a log may name thousands: looking ends after so many looks or so much time.
  [[nodiscard]] bool may_look();

 private:
  explicit Host(Tree tree) : tree_(std::move(tree)), accounts_(tree_) {}

  using Clock = std::chrono::steady_clock;
  Tree tree_;
  Accounts accounts_;
  HttpdConfig config_;
  std::size_t looks_ = 0;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace ahdiag
