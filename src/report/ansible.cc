// The plans as one Ansible playbook: a play a finding, builtin modules only, nothing that a log told is a template.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "report/report.h"
#include "report/steps.h"
#include "text/ascii.h"
#include "text/shell.h"
#include "text/utf8.h"
#include "text/yaml.h"

namespace ahdiag {
namespace {

using Words = std::span<const std::string>;

constexpr int kNotFound = 127;  // a shell's status for a program that is not there

// Jinja would carry out what stands between such brackets, and Ansible make a list of what looks like one.
// Source: Ansible documentation, "Advanced playbook syntax", unsafe strings.
std::string scalar(std::string_view text) {
  const bool brackets = contains(text, "{{") || contains(text, "{%") || contains(text, "{#");
  const bool list = text.starts_with('{') || text.starts_with('[');
  return (brackets || list ? "!unsafe " : "") + yaml_scalar(text);
}

std::string shown(std::string_view text) { return scalar(printable(text)); }

// A module with its parameters, each a line "key: value", and what belongs beside it.
struct Call {
  std::string module;
  std::vector<std::string> parameters;
  std::vector<std::string> keywords;
};

std::string parameter(std::string_view name, std::string_view value) {
  return fmt::format("{}: {}", name, scalar(value));
}

// Modules put the environment's values for $NAME, and homes for ~, in the words of a command and in paths.
bool expands(std::string_view word) { return contains(word, "$") || word.starts_with('~'); }

// A shell leaves quoted words alone; and it alone has a status for a program that is not there.
bool needs_shell(Words argv, const std::optional<Expect>& expect) {
  return std::ranges::any_of(argv, expands) || (expect && std::ranges::count(expect->exits, kNotFound) > 0);
}

Call command_call(Words argv, const std::optional<Expect>& expect) {
  if (needs_shell(argv, expect)) return {"shell", {parameter("cmd", shell_line(argv))}, {}};
  std::string words;
  for (const auto& word : argv) words += (words.empty() ? "" : ", ") + scalar(word);
  return {"command", {fmt::format("argv: [{}]", words)}, {}};
}

// install -d with -o, -g and -m, and one directory.
std::optional<Call> directory_call(Words argv) {
  if (argv.size() < 4 || argv[0] != "install" || argv[1] != "-d" || argv[argv.size() - 2] != "--") return std::nullopt;
  if (expands(argv.back())) return std::nullopt;
  Call call{"file", {parameter("path", argv.back()), "state: directory"}, {}};
  for (std::size_t i = 2; i + 2 < argv.size(); i += 2) {
    const std::string_view name = argv[i] == "-o" ? "owner" : argv[i] == "-g" ? "group" : argv[i] == "-m" ? "mode" : "";
    if (name.empty()) return std::nullopt;
    call.parameters.push_back(parameter(name, argv[i + 1]));
  }
  return call;
}

std::optional<Call> service_call(Words argv) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kStates = {
      {{"start", "started"}, {"stop", "stopped"}, {"restart", "restarted"}, {"reload", "reloaded"}}};
  if (argv.size() < 2 || argv[0] != "systemctl") return std::nullopt;
  if (argv.size() == 2 && argv[1] == "daemon-reload") return Call{"systemd", {"daemon_reload: true"}, {}};
  const auto* state = std::ranges::find(kStates, argv[1], [](const auto& one) { return one.first; });
  if (argv.size() == 3 && state != kStates.end())
    return Call{"systemd", {parameter("name", argv[2]), parameter("state", state->second)}, {}};
  const bool on = argv[1] == "enable";
  if (!on && argv[1] != "disable") return std::nullopt;
  const bool now = argv.size() == 4 && argv[2] == "--now";
  if (!now && argv.size() != 3) return std::nullopt;
  Call call{"systemd", {parameter("name", argv.back()), on ? "enabled: true" : "enabled: false"}, {}};
  if (now) call.parameters.emplace_back(on ? "state: started" : "state: stopped");
  return call;
}

std::optional<Call> package_call(Words argv) {
  static constexpr std::array<std::string_view, 3> kManagers = {"apt-get", "dnf", "yum"};
  const bool installs = argv.size() == 4 && std::ranges::find(kManagers, argv[0]) != kManagers.end() &&
                        argv[1] == "install" && argv[2] == "-y";
  if (!installs) return std::nullopt;
  return Call{"package", {parameter("name", argv[3]), "state: present"}, {}};
}

std::optional<Call> mode_call(Words argv) {
  if (argv.size() != 4 || argv[0] != "chmod" || argv[2] != "--" || expands(argv[3])) return std::nullopt;
  return Call{"file", {parameter("path", argv[3]), parameter("mode", argv[1])}, {}};
}

std::optional<Call> pause_call(Words argv) {
  if (argv.size() != 2 || argv[0] != "sleep" || !to_number(argv[1])) return std::nullopt;
  return Call{"wait_for", {"timeout: " + argv[1]}, {}};
}

// When a command that is no module of its own has changed something; nothing: always.
std::string_view changes_when(const Step& step, Words argv) {
  if (step.phase == Phase::inspect || step.phase == Phase::verify) return "false";
  const auto& name = argv[0];
  // The file that it applies is a task of its own, which says whether it changed; a counter of failures is no state.
  if (name == "systemd-tmpfiles" || name == "systemd-analyze" || shell_line(argv).starts_with("systemctl reset-failed"))
    return "false";
  if (name.starts_with("a2en") || name.starts_with("a2dis")) return "\"'already' not in ahdiag_step.stdout\"";
  if (name == "restorecon") return "\"'elabeled' in ahdiag_step.stdout\"";
  return {};
}

std::string fails_when(const Expect& expect) {
  const auto exits = expect.exits.empty() ? std::string("0") : fmt::format("{}", fmt::join(expect.exits, ", "));
  std::string text = fmt::format("ahdiag_step.rc not in [{}]", exits);
  if (!expect.output.empty()) text += " or ahdiag_output not in ahdiag_step.stdout ~ ahdiag_step.stderr";
  return text;
}

Call call_of(const Step& step, const Command& command) {
  const Words argv = command.argv();
  for (const auto& known :
       {directory_call(argv), service_call(argv), package_call(argv), mode_call(argv), pause_call(argv)}) {
    if (known) return *known;
  }
  Call call = command_call(argv, step.expect);
  call.keywords.emplace_back("register: ahdiag_step");
  if (const auto when = changes_when(step, argv); !when.empty())
    call.keywords.push_back(fmt::format("changed_when: {}", when));
  if (step.phase == Phase::inspect) {
    // Looks at things in check mode too; what it finds is for a person to read (-v).
    call.keywords.insert(call.keywords.end(), {"failed_when: false", "check_mode: false"});
  } else if (step.expect) {
    call.keywords.push_back("failed_when: " + fails_when(*step.expect));
    if (!step.expect->output.empty())
      call.keywords.push_back(fmt::format("vars:\n        {}", parameter("ahdiag_output", step.expect->output)));
  }
  return call;
}

Call call_of(const FileWrite& file) {
  if (expands(file.path())) {
    const std::string line = shell_line(install_words(file));
    return {"shell", {parameter("cmd", line), parameter("stdin", file.content()), "stdin_add_newline: false"}, {}};
  }
  return {"copy",
          {parameter("dest", file.path()), parameter("content", file.content()), parameter("owner", file.owner()),
           parameter("group", file.group()), parameter("mode", file.mode()), "backup: true"},
          {}};
}

Call call_of(const Manual& manual, Phase phase) {
  if (phase == Phase::inspect) return {"debug", {fmt::format("msg: {}", shown("By hand: " + manual.text))}, {}};
  return {"fail", {fmt::format("msg: {}", shown("By hand: " + manual.text))}, {"when: not by_hand_done | bool"}};
}

Call call_of(const Step& step, const std::vector<Step>& all) {
  if (const auto* removed = removed_by(step, all); removed != nullptr && !expands(removed->path()))
    return {"file", {parameter("path", removed->path()), "state: absent"}, {}};
  if (const auto* command = std::get_if<Command>(&step.action)) return call_of(step, *command);
  if (const auto* file = std::get_if<FileWrite>(&step.action)) return call_of(*file);
  return call_of(std::get<Manual>(step.action), step.phase);
}

// A task tagged "never" runs if any other of its tags is asked for, so undoing has none that names the finding alone.
std::string tags_of(Phase phase, std::size_t finding) {
  const auto word = phase_name(phase);
  if (phase == Phase::undo) return fmt::format("[never, {}, {}_{}]", word, word, finding);
  return fmt::format("[{}, {}_{}, finding_{}]", word, word, finding, finding);
}

std::string task(const Step& step, const std::vector<Step>& all, std::size_t finding, std::size_t number) {
  const Call call = call_of(step, all);
  std::string text = fmt::format("\n    - name: {}\n      ansible.builtin.{}:\n",
                                 shown(fmt::format("{}.{} {}", finding, number, why_of(step))), call.module);
  for (const auto& one : call.parameters) text += fmt::format("        {}\n", one);
  for (const auto& one : call.keywords) text += fmt::format("      {}\n", one);
  return text + fmt::format("      tags: {}\n", tags_of(step.phase, finding));
}

std::string play(const Finding& finding, std::size_t number) {
  std::string text = fmt::format(
      "\n- name: {}\n  hosts: all\n  become: true\n  gather_facts: false\n"
      "  # In check mode a step may need what an earlier one would have made.\n"
      "  ignore_errors: \"{{{{ ansible_check_mode }}}}\"\n"
      "  vars:\n    by_hand_done: false\n    summary: {}\n    notes:{}\n",
      shown(fmt::format("{}. {}", number, heading_of(finding.diagnosis))), shown(finding.plan.summary),
      finding.plan.notes.empty() ? " []" : "");
  for (const auto& note : finding.plan.notes) text += fmt::format("      - {}\n", shown(note));
  text += "  tasks:";
  const auto& steps = finding.plan.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) text += task(steps[i], steps, number, i + 1);
  return text + (steps.empty() ? " []\n" : "");
}

constexpr std::string_view kUse = R"(#
#   ansible-playbook -i HOST, plan.yml --check --diff    what it would change
#   ansible-playbook -i HOST, plan.yml                   look, repair, make it last, verify
#   ... --tags repair      or inspect, persist, verify; finding_2: that finding alone; repair_2: that phase of it
#   ... --tags undo        take back what was changed; a file that was there before lies beside, as copy kept it (~)
#   ... -e by_hand_done=true    after what it stopped at for a person is done
#   ... -v                 shows what the inspections find
---
)";

}  // namespace

std::string to_playbook(const Report& report) {
  std::string text = fmt::format("# Made by ahdiag {} for {}; for the machine that wrote the log.\n", report.version,
                                 report.setting.platform);
  text += kUse;
  if (report.findings.empty())
    text += "- name: Nothing to do, no entry of the log is explained by a rule\n  hosts: all\n  gather_facts: false\n";
  for (std::size_t i = 0; i < report.findings.size(); ++i) text += play(report.findings[i], i + 1);
  return text;
}

}  // namespace ahdiag
