// What the settings mean together: the type of a service, order, and what starts it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "text/ascii.h"
#include "text/path.h"
#include "unit/lint.h"

namespace ahdiag {
namespace {

using Names = std::set<std::string, std::less<>>;

Names units_of(const UnitFile& unit, std::string_view section, std::initializer_list<std::string_view> keys) {
  Names names;
  for (const auto key : keys) {
    for (const auto* one : unit.all(section, key)) {
      for (const auto word : split(one->value, ' ')) {
        if (!word.empty() && word != "#") names.emplace(word);
      }
    }
  }
  return names;
}

std::string value_of(const UnitFile& unit, std::string_view section, std::string_view key) {
  const auto* one = unit.find(section, key);
  return one == nullptr ? std::string() : one->value.substr(0, one->value.find(' '));
}

std::size_t line_of(const UnitFile& unit, std::string_view section) {
  for (const auto& header : unit.headers) {
    if (header.text == "[" + std::string(section) + "]") return header.line;
  }
  return 1;
}

bool is_on(std::string_view value) {
  const std::string word = lower(value);
  return word == "yes" || word == "true" || word == "1" || word == "on" || word == "y" || word == "t";
}

bool is_service(const UnitFile& unit) { return unit.path.ends_with(".service"); }
bool is_drop_in(const UnitFile& unit) { return unit.path.ends_with(".conf"); }

}  // namespace

void UnitLint::service() {
  if (!unit_.has_section("Service") || is_drop_in(unit_)) return;
  const auto starts = unit_.all("Service", "ExecStart");
  const std::size_t header = line_of(unit_, "Service");
  const std::string given = value_of(unit_, "Service", "Type");
  const std::string type = given.empty() ? "simple" : given;
  const auto* type_line = unit_.find("Service", "Type");
  const std::size_t line = type_line == nullptr ? header : type_line->line;
  if (starts.empty() && unit_.find("Service", "ExecStop") == nullptr &&
      unit_.find("Service", "SuccessAction") == nullptr)
    add(header, Fault::error, "no-command", "The service starts nothing: systemd refuses it. It needs ExecStart=.");
  if (type != "oneshot" && starts.size() > 1) {
    add(starts[1]->line, Fault::error, "second-command",
        "Only a service of Type=oneshot may have several ExecStart= lines: systemd refuses this one.", "Type=oneshot");
  }
  if (type == "forking" && unit_.find("Service", "PIDFile") == nullptr) {
    add(line, Fault::warning, "forking-without-pid-file",
        "Type=forking without PIDFile=: systemd has to guess which process is the main one. A program that stays in "
        "the foreground needs Type=simple or exec.",
        fmt::format("Type=forking\nPIDFile=/run/{}.pid", name_of(unit_.path).substr(0, name_of(unit_.path).find('.'))));
  }
  const std::string restart = value_of(unit_, "Service", "Restart");
  if (type == "oneshot" && (restart == "always" || restart == "on-success")) {
    add(unit_.find("Service", "Restart")->line, Fault::error, "oneshot-restart",
        fmt::format("Restart={} is not allowed for Type=oneshot: systemd refuses the unit.", restart),
        "Restart=on-failure");
  }
  const bool remains = is_on(value_of(unit_, "Service", "RemainAfterExit"));
  if (type == "oneshot" && !remains && unit_.find("Service", "ExecStop") != nullptr) {
    add(unit_.find("Service", "ExecStop")->line, Fault::error, "stop-at-once",
        "Without RemainAfterExit=yes the service ends with its start: ExecStop= runs right then, at boot and not at "
        "shutdown.",
        "RemainAfterExit=yes");
  } else if (type == "oneshot" && !remains && unit_.has_section("Install")) {
    add(line, Fault::notice, "no-remain",
        "Without RemainAfterExit=yes the service is inactive once it has run: each unit that wants it runs it again.",
        "Type=oneshot\nRemainAfterExit=yes");
  }
}

void UnitLint::order() {
  const Names ordered = units_of(unit_, "Unit", {"After", "Before"});
  for (const std::string_view key : {"Wants", "Requires", "BindsTo", "Requisite"}) {
    for (const auto* one : unit_.all("Unit", key)) {
      std::string missing;
      for (const auto word : split(one->value, ' ')) {
        if (!word.empty() && word != "#" && contains(word, ".") && !ordered.contains(word))
          missing += (missing.empty() ? "" : " ") + std::string(word);
      }
      if (missing.empty()) continue;
      add(one->line, Fault::warning, "wants-without-after",
          fmt::format("{}= starts {} at the same time, not before: the order needs After= too.", key, missing),
          fmt::format("{}={}\nAfter={}", key, one->value, missing));
    }
  }
  const Names wanted = units_of(unit_, "Unit", {"Wants", "Requires", "BindsTo"});
  constexpr std::string_view kOnline = "network-online.target";
  const auto* after = unit_.find("Unit", "After");
  if (after != nullptr && units_of(unit_, "Unit", {"After"}).contains(kOnline) && !wanted.contains(kOnline)) {
    add(after->line, Fault::warning, "after-without-wants",
        "Nothing starts network-online.target unless a unit wants it: After= alone does not wait.",
        "Wants=network-online.target\nAfter=" + after->value);
  }
}

void UnitLint::wanted_by(const UnitAssignment& one) {
  const bool timer = unit_.path.ends_with(".timer"), socket = unit_.path.ends_with(".socket");
  if ((timer || socket) && one.value == "multi-user.target") {
    add(one.line, Fault::warning, "wrong-target",
        timer ? "A timer is wanted by timers.target." : "A socket is wanted by sockets.target.",
        timer ? "WantedBy=timers.target" : "WantedBy=sockets.target");
  }
  const bool early = unit_.find("Unit", "DefaultDependencies") != nullptr;
  constexpr std::string_view kPassed = "network.target network-online.target basic.target sysinit.target";
  if (!early && contains(kPassed, one.value)) {
    add(one.line, Fault::warning, "wrong-target",
        one.value + " is passed early at boot, and nothing that starts a service belongs to it.",
        "WantedBy=multi-user.target");
  }
  constexpr std::string_view kEnds = "shutdown.target reboot.target halt.target poweroff.target";
  const bool at_end = contains(kEnds, one.value.substr(0, one.value.find(' ')));
  if (at_end && unit_.find("Unit", "DefaultDependencies") == nullptr) {
    add(one.line, Fault::error, "stopped-at-shutdown",
        "Every service conflicts with shutdown.target: this one is stopped, or never starts. Work for the shutdown "
        "stands in ExecStop= of a service that was started at boot.",
        "WantedBy=multi-user.target");
  }
}

void UnitLint::install() {
  const auto name = name_of(unit_.path);
  const bool startable =
      is_service(unit_) || name.ends_with(".timer") || name.ends_with(".socket") || name.ends_with(".path");
  if (!startable) return;
  const Names by = units_of(unit_, "Install", {"WantedBy", "RequiredBy", "UpheldBy", "Also", "Alias"});
  if (by.empty()) {
    const std::string target = name.ends_with(".timer")    ? "timers.target"
                               : name.ends_with(".socket") ? "sockets.target"
                                                           : "multi-user.target";
    add(unit_.lines.empty() ? 1 : unit_.lines.size(), Fault::warning, "no-install",
        "Nothing says what starts it: systemctl enable does nothing, and after a boot it does not run.",
        "[Install]\nWantedBy=" + target);
  }
  for (const auto* one : unit_.all("Install", "WantedBy")) wanted_by(*one);
}

// ---- order among several units

namespace {

// name -> the units that start before it.
std::map<std::string, Names, std::less<>> edges_of(const std::vector<UnitFile>& units) {
  std::map<std::string, Names, std::less<>> before;
  for (const auto& unit : units) {
    const std::string name(name_of(unit.path));
    for (const auto& other : units_of(unit, "Unit", {"After"})) before[name].insert(other);
    for (const auto& other : units_of(unit, "Unit", {"Before"})) before[other].insert(name);
    // Every service waits for these by itself. Source: systemd.service(5), "DEFAULT DEPENDENCIES".
    const auto* defaults = unit.find("Unit", "DefaultDependencies");
    if (is_service(unit) && (defaults == nullptr || is_on(defaults->value))) {
      before[name].insert("sysinit.target");
      before[name].insert("basic.target");
    }
  }
  for (const std::string early :
       {"local-fs.target", "swap.target", "cryptsetup.target", "systemd-tmpfiles-setup.service"})
    before["sysinit.target"].insert(early);
  before["local-fs.target"].insert("local-fs-pre.target");
  before["basic.target"].insert("sysinit.target");
  return before;
}

// The way from `at` back to `goal`, without either; nothing where there is none.
bool find_way(const std::map<std::string, Names, std::less<>>& before, const std::string& at, const std::string& goal,
              Names& visited, std::vector<std::string>& way) {
  const auto found = before.find(at);
  if (found == before.end() || !visited.insert(at).second) return false;
  for (const auto& next : found->second) {
    if (next == goal) return true;
    way.push_back(next);
    if (find_way(before, next, goal, visited, way)) return true;
    way.pop_back();
  }
  return false;
}

}  // namespace

UnitFindings lint_cycles(const std::vector<UnitFile>& units) {
  UnitFindings found;
  const auto before = edges_of(units);
  Names told;
  for (const auto& unit : units) {
    const std::string name(name_of(unit.path));
    Names visited;
    std::vector<std::string> way;
    if (told.contains(name) || !find_way(before, name, name, visited, way)) continue;
    std::string circle = name;
    for (const auto& one : way) {
      circle += " after " + one;
      told.insert(one);
    }
    told.insert(name);
    const auto* line = unit.find("Unit", "Before");
    if (line == nullptr) line = unit.find("Unit", "After");
    const bool early = std::ranges::find(way, "sysinit.target") != way.end();
    found.push_back(
        {unit.path, line == nullptr ? 1 : line->line, Fault::error, "ordering-cycle",
         fmt::format("The order goes in a circle: {} after {}. systemd drops some job of it, perhaps another's.",
                     circle, name),
         early ? "DefaultDependencies=no" : ""});
  }
  return found;
}

}  // namespace ahdiag
