#include "rules/lint_command.h"

#include <algorithm>
#include <set>

#include "text/ascii.h"
#include "text/path.h"

namespace ahdiag {
namespace {

using Words = std::set<std::string, std::less<>>;

// "sh -c", "/bin/bash -ec", "sudo perl -e": a program whose argument is a program.
bool runs_inline_code(const Argv& argv) {
  static const Words interpreters = {"sh",   "bash",   "dash",    "ash",  "ksh", "zsh",
                                     "perl", "python", "python3", "ruby", "eval"};
  bool interpreter = false;
  for (const auto& word : argv) {
    const std::string text = word.source();
    const bool code = text.size() > 1 && text[0] == '-' && text[1] != '-' && (text.back() == 'c' || text.back() == 'e');
    if (interpreter && code) return true;
    interpreter = interpreter || interpreters.contains(name_of(text));
  }
  return false;
}

// Words that only a shell understands; find's own ';' is no such.
bool holds_shell_marks(const std::vector<std::string>& words) {
  static const Words marks = {"|", "||", "&", "&&", ">", ">>", "<", "2>&1"};
  return std::ranges::any_of(words, [](const std::string& word) { return marks.contains(word); });
}

bool is_mode(std::string_view word) {
  return word.size() >= 3 && word.size() <= 4 && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '7'; });
}

// "o+w", "a=rwX", "+w"
bool gives_to_all(std::string_view word) {
  const auto sign = word.find_first_of("+=");
  if (sign == std::string_view::npos || word.substr(sign + 1).find('w') == std::string_view::npos) return false;
  const auto whom = word.substr(0, sign);
  return whom.find_first_not_of("ugoa") == std::string_view::npos &&
         (whom.empty() || whom.find_first_of("oa") != std::string_view::npos);
}

bool widens_access(const std::vector<std::string>& words) {
  const auto name = name_of(words.front());
  if (name != "chmod" && name != "install" && name != "mkdir") return false;
  return std::ranges::any_of(words, [&](const std::string& word) {
    return (is_mode(word) && lets_everybody_write(word)) || (name == "chmod" && gives_to_all(word));
  });
}

// One named file that httpd makes anew (pid, lock, segment) may go: rm -f -- {slot}. All else is data.
bool deletes_data(const std::vector<std::string>& words) {
  static const Words destroyers = {"shred", "truncate", "dd", "mkfs", "wipefs", "userdel", "groupdel", "unlink"};
  const std::string name(name_of(words.front()));
  const bool one_file =
      words.size() == 4 && words[1] == "-f" && words[2] == "--" && words[3].find_first_of("*?") == std::string::npos;
  if (name == "rm") return !one_file;
  return destroyers.contains(name) || name.starts_with("mkfs.") ||
         (name == "find" && std::ranges::find(words, "-delete") != words.end());
}

}  // namespace

bool lets_everybody_write(std::string_view mode) {
  if (!is_mode(mode)) return false;
  const bool sticky = mode.size() == 4 && (mode.front() - '0') % 2 == 1;
  return ((mode.back() - '0') & 2) != 0 && !sticky;
}

std::vector<std::string> faults_of(const Argv& argv, Risk risk) {
  std::vector<std::string> faults, words;
  for (const auto& word : argv) words.push_back(word.source());
  const std::string line = join(words, " ");
  if (contains(words.front(), " "))
    faults.emplace_back("the first word is the program alone: a command is never a shell line");
  if (runs_inline_code(argv) || holds_shell_marks(words))
    faults.emplace_back("a command is an argv, never a shell line");
  if (widens_access(words)) faults.emplace_back("never 'chmod 777' or the like: nobody but owner and group may write");
  for (const std::string_view never : {"setenforce 0", "setenforce Permissive", "semanage permissive", "rm -r",
                                       "rm -fr", "rm -f -r", "rm --recursive", "chmod -R", "chown -R"}) {
    if (contains(line, never))
      faults.push_back(never.starts_with("rm ") ? "never 'rm -rf'" : "never '" + std::string(never) + "'");
  }
  if (faults.empty() && deletes_data(words) && risk != Risk::data)
    faults.emplace_back(R"(what may delete data says so: "risk": "data")");
  return faults;
}

}  // namespace ahdiag
