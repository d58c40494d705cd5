// A plan before there is an entry: the steps of a rule on one platform, with slots shown by their names. For people who
// read about a failure; nothing here is a command.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diagnose/signs.h"
#include "rules/book.h"

namespace ahdiag {

struct OutlineStep {
  Phase phase = Phase::inspect;
  std::string why;
  std::string kind;   // command, file or manual
  std::string text;   // the command as a line, the file's path and content, or words
  std::string where;  // what the log has to show for it, in words; empty: always
  Risk risk = Risk::none;
  const StepTemplate* source = nullptr;  // the same on two platforms: the same step
};

struct Outline {
  std::vector<OutlineStep> steps;
  std::vector<std::string> notes;
};

// What is known beforehand: a status, or the values of slots; with `slots` nothing else is taken to be there.
struct Known {
  std::string errno_name;
  std::map<std::string, std::string, std::less<>> slots;
};

Outline outline(const Rule& rule, const Case& cause, const RuleBook& book, const Setting& setting, const Known& known);

// The case could be the cause, by what is known.
bool is_possible(const Case& cause, const Setting& setting, const Known& known);

// A condition in words ("the status is ENOENT; the entry names path"), without what the platform decides; empty where
// nothing is open.
std::string in_words(const Condition& condition, const Setting& setting);

// {facts} filled, {slots} left unless they are known.
std::string with_facts(const Template& text, const Setting& setting, const Known& known = {});

}  // namespace ahdiag
