// Mistakes in systemd units and in the scripts that they start, each with the text to write instead. Nothing is run:
// what systemd would say, and what it would not say but do, follows from systemd.unit(5), .service(5), .exec(5),
// .syntax(7).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unit/unit_file.h"

namespace ahdiag {

enum class Fault {
  notice,   // works, but perhaps not as meant
  warning,  // works today, fails at another time or place
  error     // systemd ignores the line, refuses the unit, or the start fails
};
std::string_view fault_name(Fault fault);

struct UnitFinding {
  std::string file;
  std::size_t line = 0;
  Fault fault = Fault::error;
  std::string id;         // stable: "trailing-text"
  std::string what;       // one sentence
  std::string corrected;  // the lines to write instead, or to add; may be empty
};
using UnitFindings = std::vector<UnitFinding>;

struct ScriptFile {
  std::string path;
  std::string text;
  bool executable = true;
};

// The file that an Exec line names, where the machine's files may be looked at: nothing where they may not, or where it
// cannot be seen; a script without text is missing.
struct LookedUp {
  bool exists = false;
  ScriptFile script;
};
using LookUp = std::function<std::optional<LookedUp>(const std::string& path)>;

// Units and scripts that belong together: order is checked among them, and a script given serves for the one of that
// name that a unit starts.
struct UnitSet {
  std::vector<UnitFile> units;
  std::vector<ScriptFile> scripts;
  LookUp look_up;
};

// In the order of files and lines.
UnitFindings lint_units(const UnitSet& set);

// A unit by its name (or by a first line in brackets), else a script.
bool is_unit_name(std::string_view path);

// ---- the parts, one file each
class UnitLint {
 public:
  UnitLint(const UnitFile& unit, UnitFindings& found) : unit_(unit), found_(found) {}

  void shape();        // headers, sections, keys, continuation
  void values();       // booleans, choices, text after a value
  void environment();  // Environment=
  void commands();     // Exec lines
  void service();      // Type=, RemainAfterExit=, Restart=
  void order();        // Wants= and After=
  void install();      // [Install]

 private:
  void add(std::size_t line, Fault fault, std::string id, std::string what, std::string corrected = {});
  void key(const UnitAssignment& one);
  void headers();
  void homeless();
  void continuation();
  void strays();
  bool trailing(const UnitAssignment& one, std::string_view first, std::string_view rest);
  void choice(const UnitAssignment& one, const std::vector<std::string_view>& choices);
  void command(const UnitAssignment& one);
  bool shell_words(const UnitAssignment& one, const std::vector<std::string>& words);
  void program(const UnitAssignment& one, const std::string& program);
  void dependency(const UnitAssignment& one);
  void wanted_by(const UnitAssignment& one);

  const UnitFile& unit_;
  UnitFindings& found_;
};

UnitFindings lint_script(const ScriptFile& script);
// Units of the set that wait for each other, and one that waits for itself.
UnitFindings lint_cycles(const std::vector<UnitFile>& units);

}  // namespace ahdiag
