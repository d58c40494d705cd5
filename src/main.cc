#include <csignal>
#include <exception>
#include <iostream>

#include "cli/options.h"
#include "cli/run.h"

namespace {

int run(const ahdiag::Options& options) {
  switch (options.mode) {
    case ahdiag::Mode::diagnose: return ahdiag::run_diagnose(options);
    case ahdiag::Mode::entries: return ahdiag::run_entries(options);
    case ahdiag::Mode::platforms: return ahdiag::run_platforms(options);
    case ahdiag::Mode::explain: return ahdiag::run_explain(options);
    case ahdiag::Mode::rules_why: return ahdiag::run_rules_why(options);
    case ahdiag::Mode::check: return ahdiag::run_check(options);
    case ahdiag::Mode::lint_unit: return ahdiag::run_lint_unit(options);
    case ahdiag::Mode::merge: return ahdiag::run_merge(options);
    case ahdiag::Mode::watch: return ahdiag::run_watch(options);
    default: return ahdiag::run_rules(options);
  }
}

}  // namespace

int main(int argc, char** argv) {
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // a closed pipe is seen by write(2)
  try {
    const auto parsed = ahdiag::parse_options(argc, argv);
    return parsed.options ? run(*parsed.options) : parsed.exit;
  } catch (const std::exception& error) {
    std::cerr << "ahdiag: internal error: " << error.what() << " (please report it with the input)\n";
    return ahdiag::kIncomplete;
  }
}
