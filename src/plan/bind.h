// The wall: the only maker of commands and of files. What enters is a rule's own text, accepted slots and facts.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "diagnose/scope.h"
#include "rules/rule.h"

namespace ahdiag {

// A hole that nothing may fill: why a step cannot be a command.
struct Unbound {
  std::string name;
  std::string logged;  // what stands in the log, printable; may be empty
  std::string why;
};

// An argv that can be carried out as it stands.
class Command {
 public:
  [[nodiscard]] std::span<const std::string> argv() const { return argv_; }

 private:
  friend std::variant<Command, Unbound> bind(const Argv& words, const Scope& scope);
  friend class FileWrite;
  explicit Command(std::vector<std::string> argv) : argv_(std::move(argv)) {}
  std::vector<std::string> argv_;
};

// A file that can be written as it stands.
class FileWrite {
 public:
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& content() const { return content_; }
  [[nodiscard]] const std::string& mode() const { return mode_; }
  [[nodiscard]] const std::string& owner() const { return owner_; }
  [[nodiscard]] const std::string& group() const { return group_; }
  // The command that takes the file away again.
  [[nodiscard]] Command removal() const { return Command({"rm", "-f", "--", path_}); }

 private:
  friend std::variant<FileWrite, Unbound> bind(const WriteTemplate& file, const Scope& scope);
  FileWrite() = default;
  std::string path_, content_, mode_, owner_, group_;
};

std::variant<Command, Unbound> bind(const Argv& words, const Scope& scope);
std::variant<FileWrite, Unbound> bind(const WriteTemplate& file, const Scope& scope);

}  // namespace ahdiag
