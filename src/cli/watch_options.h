// What `ahdiag watch` is asked for, beside what all subcommands are.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ahdiag {

struct Options;

struct WatchOptions {
  std::string format;             // text, json; empty: text on a terminal, else json
  std::string output = "-";       // events
  std::string raw;                // what stands on standard input, as it came
  std::vector<std::string> exec;  // the words of --exec
  bool piped = false;             // started by httpd, which must never wait
  bool confirm = false;           // answers "OK" to each line
  bool from_start = false;        // what the files hold already, too
  double settle = 2;              // seconds, as all that follow
  double repeat_every = 3600;
  double end_after = 600;
  double exec_timeout = 10;
};

void add_watch_command(CLI::App& app, Options& options);

}  // namespace ahdiag
