// Exec lines: systemd starts programs, not shell lines.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text/ascii.h"
#include "text/path.h"
#include "unit/lint.h"
#include "unit/words.h"

namespace ahdiag {
namespace {

bool is_operator(const UnitWord& word) {
  static constexpr std::array<std::string_view, 13> kOperators = {">",    ">>", "<",  "|",   "||", "&&", "&",
                                                                  "2>&1", "2>", "1>", ">>>", "<<", "&>"};
  if (word.quoted) return false;
  if (std::ranges::find(kOperators, word.text) != kOperators.end()) return true;
  return word.text.starts_with(">/") || word.text.starts_with(">>/") || word.text.starts_with("2>/") ||
         word.text.starts_with("&>/");
}

bool is_shell(std::string_view program) {
  static constexpr std::array<std::string_view, 7> kShells = {"sh", "bash", "dash", "ash", "ksh", "zsh", "busybox"};
  return std::ranges::find(kShells, name_of(program)) != kShells.end();
}

bool is_builtin(std::string_view program) {
  static constexpr std::array<std::string_view, 10> kBuiltins = {"cd", "source", "export", "ulimit", "umask",
                                                                 "if", "for",    "while",  "set",    "."};
  return std::ranges::find(kBuiltins, program) != kBuiltins.end();
}

// Marks in front of the program. Source: systemd.service(5), "COMMAND LINES".
std::string_view marks_of(std::string_view value) {
  return value.substr(0, std::min(value.size(), value.find_first_not_of("-@:+!|")));
}

// A shell line as one word of an Exec line: specifiers and variables are the shell's, not systemd's.
std::string shell_command(std::string_view line) {
  std::string quoted;
  for (const char c : line) {
    if (c == '%') quoted += '%';
    if (c == '$') quoted += '$';
    if (c == '\\') quoted += '\\';
    if (c == '\'') quoted += '\\';
    quoted += c;
  }
  return "/bin/sh -c '" + quoted + "'";
}

}  // namespace

// ">> >" and what else only a shell understands.
bool UnitLint::shell_words(const UnitAssignment& one, const std::vector<std::string>& words) {
  if (words.empty()) return false;
  std::string line;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool doubled =
        i > 0 && (words[i] == ">" || words[i] == ">>") && (words[i - 1] == ">>" || words[i - 1] == ">");
    if (!doubled) line += (line.empty() ? "" : " ") + words[i];
  }
  add(one.line, Fault::error, "no-shell",
      "systemd starts no shell: operators such as >>, | and && are passed to the program as words.",
      one.key + "=" + shell_command(line));
  return true;
}

void UnitLint::program(const UnitAssignment& one, const std::string& program) {
  const std::string marks(marks_of(one.value));
  const std::string rest = one.value.substr(marks.size() + program.size());
  if (is_builtin(program)) {
    const bool cd = program == "cd";
    add(one.line, Fault::error, "shell-builtin", fmt::format("'{}' is a word of the shell, no program.", program),
        cd ? "WorkingDirectory=" + std::string(trim(rest.substr(0, rest.find('&'))))
           : one.key + "=" + shell_command(program + rest));
  } else if (contains(program, "/") && !program.starts_with('/') && !program.starts_with('%') &&
             !program.starts_with("${")) {
    add(one.line, Fault::error, "relative-program",
        fmt::format("{} is no absolute path: systemd refuses the unit.", program),
        fmt::format("{}={}/usr/local/sbin/{}{}", one.key, marks, name_of(program), rest));
  } else if (!contains(program, "/") && program.ends_with(".sh")) {
    add(one.line, Fault::error, "relative-program",
        fmt::format("{} is looked for in the system's program directories only, not beside the unit.", program),
        fmt::format("{}={}/usr/local/sbin/{}{}", one.key, marks, program, rest));
  }
}

void UnitLint::command(const UnitAssignment& one) {
  const auto marks = marks_of(one.value);
  const auto line = std::string_view(one.value).substr(marks.size());
  const auto words = unit_words(line);
  if (words.empty()) return;
  if (!is_balanced(words)) {
    const char quote = line.rfind('"') == std::string_view::npos ? '\'' : '"';
    add(one.line, Fault::error, "unbalanced-quote", "A quote is not closed: systemd refuses the unit.",
        one.key + "=" + one.value + quote);
    return;
  }
  const auto mark = std::ranges::find_if(words, [](const UnitWord& word) { return !word.quoted && word.text == "#"; });
  if (mark != words.end() && !is_shell(words.front().text)) {
    const auto at = one.value.find(" #");
    trailing(one, trim_right(std::string_view(one.value).substr(0, at)),
             std::string_view(one.value).substr(std::min(at, one.value.size())));
  }
  const bool inline_script = is_shell(words.front().text) && words.size() > 1 && words[1].text.starts_with("-");
  if (!inline_script && std::ranges::any_of(words, is_operator)) {
    std::vector<std::string> plain;
    for (const auto& word : words) plain.push_back(word.text);
    shell_words(one, plain);
    return;
  }
  if (!inline_script && (contains(line, "`") || contains(line, "$("))) {
    add(one.line, Fault::error, "no-shell", "systemd starts no shell: it runs no command inside another.",
        one.key + "=" + shell_command(line));
    return;
  }
  program(one, words.front().text);
}

void UnitLint::commands() {
  for (const auto& one : unit_.assignments) {
    if (one.key.starts_with("Exec") && !one.value.empty()) command(one);
  }
}

}  // namespace ahdiag
