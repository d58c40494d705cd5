// What matched, gathered: one failure however often it was logged. Holds its own strings, and few of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"
#include "rules/rule.h"
#include "text/stamp.h"

namespace ahdiag {

// A part of an evidence's text that means something: "errno", "code", "path". Offsets are bytes of `Evidence::text`.
struct Span {
  std::string what;
  std::size_t start;
  std::size_t end;
};

struct Evidence {
  Place place;
  std::optional<Stamp> time;
  std::optional<std::int64_t> pid;
  std::string text;  // printable
  std::vector<Span> spans;
};

// A status that owns its text.
struct StatusRecord {
  Status::Kind kind;
  std::int64_t number;
  std::string text;

  [[nodiscard]] Status view() const { return {kind, number, text}; }
};

// An entry that its text tells, all but the time.
struct Wording {
  std::string_view text;
  Place place;
  std::optional<Stamp> time;
  bool stays = false;  // the text does, until keep(): most are followed by another, and need no copy
};

// An entry that will be evidence if none comes after it. Read when that is certain.
struct LastEntry {
  std::string text;       // which tells all of it but the time
  std::string_view lent;  // instead of it, until keep()
  Place place;
  std::optional<Stamp> time;
  bool any = false;

  void set(const Wording& wording) {
    if (!wording.stays) text = wording.text;
    lent = wording.stays ? wording.text : std::string_view();
    place = wording.place;
    time = wording.time;
    any = true;
  }
  // The other may be set anew.
  void take(LastEntry& other) {
    if (other.lent.data() == nullptr) text.swap(other.text);
    lent = other.lent;
    place = other.place;
    time = other.time;
    any = true;
  }
  void keep() {
    if (lent.data() != nullptr) text = lent;
    lent = {};
  }
  [[nodiscard]] std::string_view line() const { return lent.data() != nullptr ? lent : std::string_view(text); }
};

struct Consequence {
  std::string code;
  const Rule* rule = nullptr;
  std::string means;
  std::uint64_t count = 0;
  std::vector<Evidence> evidence;
  LastEntry last_entry;
};

using Captures = std::map<std::string, std::string, std::less<>>;  // slot -> text as logged

struct Incident {
  const Rule* rule = nullptr;
  std::string key;  // equal for the same failure
  Captures captures;
  std::optional<StatusRecord> status;
  std::string code, module;
  Level level = Level::none;
  std::string level_word;          // "error", "trace3"
  std::vector<Evidence> evidence;  // the first few, and the last
  LastEntry last_entry;
  std::vector<Consequence> consequences;
  std::uint64_t count = 0;
  bool by_server = true;     // the first entry names no client
  bool in_htaccess = false;  // a configuration error that requests meet, not the start
  std::uint64_t order = 0;   // sequence of the first entry
  std::optional<Stamp> first, last;
};

// Entries at level error or worse that no rule knows, by id or by shape.
struct Unmatched {
  std::string code, module;
  std::string level;  // as logged, or by the catalogue
  std::string area;   // what the module is for; empty where it is unknown
  std::uint64_t count = 0;
  std::string example;
};

}  // namespace ahdiag
