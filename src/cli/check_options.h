// What `ahdiag check` was asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "input/start.h"
#include "report/threshold.h"

namespace CLI {
class App;
}

namespace ahdiag {

struct Options;

enum class CheckFormat { nagios, json, prometheus };

struct CheckOptions {
  std::string state;  // --state FILE; the default where it is empty
  CheckFormat format = CheckFormat::nagios;
  std::string output;  // --output FILE
  Start start = Start::end;
  Thresholds thresholds;
  unsigned limit = 10;    // seconds
  std::int64_t hold = 0;  // microseconds
  bool reset = false;
  unsigned verbosity = 0;
};

// Adds the subcommand to the command line; what was typed is in `options` after the call that it returns.
std::function<void()> add_check_command(CLI::App& app, Options& options);

}  // namespace ahdiag
