// What the values say: booleans, choices, names of units, and text that follows a value.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "text/ascii.h"
#include "unit/lint.h"
#include "unit/vocabulary.h"
#include "unit/words.h"

namespace ahdiag {
namespace {

using Choices = std::vector<std::string_view>;

const std::map<std::string_view, Choices>& choices_of_keys() {
  static const std::map<std::string_view, Choices> all = {
      {"Type", {"simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"}},
      {"Restart", {"no", "always", "on-success", "on-failure", "on-abnormal", "on-abort", "on-watchdog"}},
      {"KillMode", {"control-group", "mixed", "process", "none"}},
      {"NotifyAccess", {"none", "main", "exec", "all"}},
      {"ProtectSystem", {"yes", "no", "true", "false", "full", "strict"}},
      {"ProtectHome", {"yes", "no", "true", "false", "read-only", "tmpfs"}}};
  return all;
}

const Choices& booleans() {
  static const Choices all = {"yes", "no", "true", "false", "1", "0", "on", "off", "y", "n", "t", "f"};
  return all;
}

const Choices& well_known_units() {
  static const Choices all = {"multi-user.target",
                              "graphical.target",
                              "default.target",
                              "network.target",
                              "network-online.target",
                              "basic.target",
                              "sysinit.target",
                              "local-fs.target",
                              "remote-fs.target",
                              "timers.target",
                              "sockets.target",
                              "paths.target",
                              "shutdown.target",
                              "reboot.target",
                              "halt.target",
                              "poweroff.target",
                              "nss-lookup.target",
                              "time-sync.target",
                              "httpd.service",
                              "apache2.service",
                              "local-fs-pre.target",
                              "network-pre.target",
                              "rescue.target",
                              "syslog.target",
                              "systemd-tmpfiles-setup.service"};
  return all;
}

bool names_units(std::string_view key) {
  static constexpr std::array<std::string_view, 14> kKeys = {
      "After",   "Before",    "Wants",     "Requires",  "Requisite", "BindsTo",    "PartOf",
      "Upholds", "Conflicts", "OnFailure", "OnSuccess", "WantedBy",  "RequiredBy", "Also"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

// Free text, lists of assignments and command lines: a blank or "#" in them is their own affair.
bool is_free(std::string_view key) {
  static constexpr std::array<std::string_view, 7> kKeys = {"Description",     "Documentation",     "Environment",
                                                            "EnvironmentFile", "StandardInputText", "SyslogIdentifier",
                                                            "SystemCallFilter"};
  return std::ranges::find(kKeys, key) != kKeys.end() || key.starts_with("Exec") || key.starts_with("Condition") ||
         key.starts_with("Assert");
}

bool takes_one_word(std::string_view key) {
  static constexpr std::array<std::string_view, 8> kKeys = {
      "User", "Group", "PIDFile", "WorkingDirectory", "UMask", "StandardOutput", "StandardError", "RestartSec"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

bool is_unit(std::string_view word) {
  static constexpr std::array<std::string_view, 11> kSuffixes = {".service", ".target", ".socket",   ".timer",
                                                                 ".mount",   ".path",   ".slice",    ".scope",
                                                                 ".swap",    ".device", ".automount"};
  return contains(word, "%") ||
         std::ranges::any_of(kSuffixes, [&](std::string_view suffix) { return word.ends_with(suffix); });
}

}  // namespace

bool UnitLint::trailing(const UnitAssignment& one, std::string_view first, std::string_view rest) {
  rest = trim(rest);
  if (rest.empty()) return false;
  while (rest.starts_with('#') || rest.starts_with(';')) rest = trim_left(rest.substr(1));
  add(one.line, Fault::error, "trailing-text",
      fmt::format("Text follows the value of {}=: systemd takes all of it for the value. A comment stands on a line of "
                  "its own.",
                  one.key),
      fmt::format("# {}\n{}={}", rest, one.key, first));
  return true;
}

void UnitLint::choice(const UnitAssignment& one, const Choices& choices) {
  const std::string_view value = one.value;
  const auto first = value.substr(0, value.find_first_of(" \t"));
  const auto fits = [&](std::string_view word) {
    return std::ranges::find(choices, word) != choices.end() ||
           (&choices == &booleans() && std::ranges::find(choices, lower(word)) != choices.end());
  };
  if (fits(value)) return;
  if (fits(first)) {
    trailing(one, first, value.substr(first.size()));
    return;
  }
  const std::string meant = nearest(first, choices);
  const bool sure = !meant.empty() || &choices != &booleans();  // later versions know more than yes and no
  add(one.line, sure ? Fault::error : Fault::warning, "bad-value",
      fmt::format(
          "'{}' is no value of {}= ({}): systemd ignores the line.", value, one.key,
          fmt::join(choices.begin(),
                    choices.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(choices.size(), 8)), ", ")),
      meant.empty() ? "" : one.key + "=" + meant);
}

void UnitLint::dependency(const UnitAssignment& one) {
  if (const auto mark = one.value.find('#'); mark != std::string::npos && mark > 0) {
    trailing(one, trim_right(std::string_view(one.value).substr(0, mark)), std::string_view(one.value).substr(mark));
    return;
  }
  for (const auto word : split(one.value, ' ')) {
    if (word.empty() || std::ranges::find(well_known_units(), word) != well_known_units().end()) continue;
    std::string meant = nearest(word, well_known_units());
    if (is_unit(word) && (meant.empty() || word.ends_with(".service"))) continue;
    if (meant.empty()) {
      const std::string target = std::string(word) + ".target";
      const bool known = std::ranges::find(well_known_units(), target) != well_known_units().end();
      meant = known ? target : std::string(word) + ".service";
    }
    std::string value = one.value;
    value.replace(value.find(word), word.size(), meant);
    const bool slip = is_unit(word);
    add(one.line, Fault::error, "bad-unit-name",
        slip ? fmt::format("There is no {}; {} is probably meant.", word, meant)
             : fmt::format("'{}' is no unit: systemd ignores it. A unit's name has its suffix.", word),
        one.key + "=" + value);
  }
}

void UnitLint::values() {
  for (const auto& one : unit_.assignments) {
    const std::string section = one.section.empty() ? "Service" : one.section;
    if (one.value.empty() || is_free(one.key)) continue;
    if (takes_boolean(section, one.key)) {
      choice(one, booleans());
    } else if (const auto choices = choices_of_keys().find(one.key); choices != choices_of_keys().end()) {
      choice(one, choices->second);
    } else if (names_units(one.key)) {
      dependency(one);
    } else {
      const std::string_view value = one.value;
      const auto mark = value.find(" #");
      const auto blank = value.find_first_of(" \t");
      const bool list = one.key == "StandardOutput" || one.key == "StandardError" || one.key == "RestartSec";
      if (mark != std::string_view::npos) {
        trailing(one, trim_right(value.substr(0, mark)), value.substr(mark));
      } else if (takes_one_word(one.key) && !list && blank != std::string_view::npos && !value.starts_with('/')) {
        trailing(one, value.substr(0, blank), value.substr(blank));
      }
    }
  }
}

void UnitLint::environment() {
  for (const auto& one : unit_.assignments) {
    if (one.key != "Environment" || one.value.empty()) continue;
    const auto words = unit_words(one.value);
    const auto bare = [&] {
      std::string text = one.value;
      std::erase_if(text, [](char c) { return c == '"' || c == '\''; });
      return text;
    };
    if (!is_balanced(words)) {
      add(one.line, Fault::error, "unbalanced-quote", "A quote is not closed: systemd ignores the whole line.",
          "Environment=\"" + bare() + "\"");
      continue;
    }
    const bool torn =
        words.size() > 1 && std::ranges::any_of(words, [](const UnitWord& word) { return !contains(word.text, "="); });
    const auto mark = one.value.find(" #");
    if (torn && mark != std::string::npos) {
      trailing(one, trim_right(std::string_view(one.value).substr(0, mark)), std::string_view(one.value).substr(mark));
    } else if (torn || !contains(words.front().text, "=")) {
      add(one.line, Fault::error, "torn-assignment",
          "Each word is an assignment of its own: systemd drops those without '='. A value with blanks stands in "
          "quotes, name and all.",
          contains(words.front().text, "=") ? "Environment=\"" + bare() + "\"" : "");
    } else if (std::ranges::any_of(words, [](const UnitWord& word) { return contains(word.text, "$"); })) {
      add(one.line, Fault::warning, "no-expansion",
          "Environment= expands no variables: the dollar sign is passed on as it stands.");
    }
  }
}

}  // namespace ahdiag
