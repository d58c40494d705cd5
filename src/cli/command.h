// A subcommand whose options are made when it is named: most runs name none, and each option costs a start
// microseconds.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace ahdiag {

// `fill` adds what the command takes; it is called before the command's own words are parsed, or its help is shown.
void add_command(CLI::App& app, const std::string& name, const std::string& description,
                 const std::function<void(CLI::App&)>& fill);

}  // namespace ahdiag
