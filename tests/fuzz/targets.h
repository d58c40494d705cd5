// What strangers' bytes are given to, and what must hold whatever they are. Run by libFuzzer (fuzzer.cc), which looks
// for bytes that take a way not taken before, and by replay.cc over known files and simple changes of them.
#pragma once

#include <span>
#include <string_view>

namespace ahdiag::fuzz {

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);  // aborts where something does not hold
};

void log(std::string_view bytes);     // a log: the report, in every form
void source(std::string_view bytes);  // a file as it lies on a disk: packed, an archive, in some encoding
void rules(std::string_view bytes);   // a file of --rules
void merge(std::string_view bytes);   // reports of other hosts
void state(std::string_view bytes);   // what check keeps
void unit(std::string_view bytes);    // systemd's units, and scripts

std::span<const Target> targets();
// Null where there is none of this name.
const Target* find_target(std::string_view name);

// Says what does not hold, and aborts.
void must(bool holds, std::string_view what);
// A text that may go to a terminal: UTF-8 without control characters, but for line breaks.
void must_be_printable(std::string_view text, std::string_view what);

}  // namespace ahdiag::fuzz
