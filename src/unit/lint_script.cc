// Scripts: what keeps the kernel or the shell from running them as meant.
#include <fmt/format.h>

#include <algorithm>

#include "text/ascii.h"
#include "text/path.h"
#include "unit/lint.h"
#include "unit/words.h"

namespace ahdiag {
namespace {

constexpr std::string_view kMark = "#!";

class ScriptLint {
 public:
  ScriptLint(const ScriptFile& script, UnitFindings& found) : script_(script), found_(found) {}

  void lint() {
    lines_ = split(script_.text, '\n');
    if (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
    if (!script_.executable)
      add(1, "not-executable", "The file may not be executed: systemd says 203/EXEC.", "chmod 0755 " + script_.path);
    interpreter();
    std::size_t enabled = 0;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto line = trim(lines_[i]);
      if (line.starts_with('#')) continue;
      redirection(i + 1, line);
      if (const auto straight = straight_quotes(line))
        add(i + 1, "curly-quotes", "Typographic quotes are letters to the shell, not quotes.", *straight);
      const bool enables = contains(line, "systemctl enable") || contains(line, "systemctl start") ||
                           contains(line, "systemctl restart");
      if (enables && enabled == 0) enabled = i + 1;
      if (contains(line, "systemctl daemon-reload") && enabled != 0) {
        add(enabled, "enable-before-reload",
            fmt::format("The unit is used before line {} makes systemd read it: a changed unit runs in its old form.",
                        i + 1),
            "systemctl daemon-reload\n" + std::string(trim(lines_[enabled - 1])), Fault::warning);
        enabled = 0;
      }
    }
  }

 private:
  void add(std::size_t line, std::string id, std::string what, std::string corrected, Fault fault = Fault::error) {
    found_.push_back({script_.path, line, fault, std::move(id), std::move(what), std::move(corrected)});
  }

  void interpreter() {
    const std::string_view first = lines_.empty() ? std::string_view() : lines_.front();
    const auto text = trim(first);
    if (first.starts_with(kMark)) {
      const auto program = trim(first.substr(kMark.size()));
      if (first.ends_with('\r')) {
        add(1, "carriage-return",
            "The line ends in a carriage return, which the kernel takes for a part of the interpreter's name: "
            "203/EXEC.",
            std::string(kMark) + std::string(program));
      } else if (!program.starts_with('/')) {
        add(1, "relative-interpreter", "The interpreter is no absolute path: 203/EXEC.",
            "#!/usr/bin/env " + std::string(program));
      }
      return;
    }
    std::string_view mark = text;
    consume(mark, "\xef\xbb\xbf");
    if (consume(mark, "#") && trim_left(mark).starts_with('!')) {
      add(1, "broken-interpreter-line", "The kernel knows the line only if '#!' are its first two bytes: 203/EXEC.",
          std::string(kMark) + std::string(trim(trim_left(mark).substr(1))));
    } else {
      add(1, "no-interpreter-line", "There is no interpreter line: systemd says 'Exec format error', 203/EXEC.",
          "#!/bin/sh\n" + std::string(text));
    }
  }

  // ">> > file" is a slip of typing, and no redirection to anything.
  void redirection(std::size_t number, std::string_view line) {
    for (const std::string_view wrong : {">> >", "> >>", "> > "}) {
      const auto at = line.find(wrong);
      if (at == std::string_view::npos) continue;
      std::string corrected(line);
      corrected.replace(at, wrong.size(), wrong == "> > " ? "> " : ">>");
      return add(number, "double-redirection",
                 "A redirection follows another without a file between them: the shell says 'syntax error'.",
                 corrected);
    }
  }

  const ScriptFile& script_;
  UnitFindings& found_;
  std::vector<std::string_view> lines_;
};

}  // namespace

UnitFindings lint_script(const ScriptFile& script) {
  UnitFindings found;
  ScriptLint(script, found).lint();
  return found;
}

}  // namespace ahdiag
