#include "cli/command.h"

#include <CLI/CLI.hpp>

namespace ahdiag {

void add_command(CLI::App& app, const std::string& name, const std::string& description,
                 const std::function<void(CLI::App&)>& fill) {
  auto* command = app.add_subcommand(name, description);
  command->preparse_callback([command, fill](std::size_t) { fill(*command); });
}

}  // namespace ahdiag
