// What the names on the command line stand for, read one after another.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "input/lines.h"
#include "input/stream.h"
#include "text/problem.h"

namespace ahdiag {

// How the reading of a source went.
struct Reading {
  std::uint64_t bytes = 0;  // of its text, unpacked
  std::uint64_t lines = 0;
  std::optional<Problem> error;  // why it could not be read whole; what came before was delivered
};

// The next bytes of a source's text, which end anywhere, within the block of the buffer; none at its end. Any thread
// may ask, one at a time; what one does with its buffer is no other's concern.
using Pull = std::function<std::string_view(Buffer&)>;

// Is told of each source in turn: its name, its lines, how it went.
struct Listener {
  std::function<void(const std::string& name)> begin;
  std::function<void(const Line&)> line;
  std::function<void(const Reading&)> end;
  // For who cuts lines himself, and counts them: is given the text of the source instead of its lines, and returns when
  // he has pulled all of it.
  std::function<void(const Pull&)> text = {};
};

// Bytes of files that were read, and of all that are to be read; 0: that is not known.
using Tick = std::function<void(std::uint64_t done, std::uint64_t total)>;

// A file, "-" (standard input) and a pipe are one source; so is each error log of a directory and each log of a tar,
// called archive.tar:path. Packed ones are unpacked, whatever they are called. Where a name gives no source at all,
// one with an error stands for it. Returns what was left out on purpose.
Problems read_sources(const std::vector<std::string>& names, const Listener& listener, const Tick& tick = {});

}  // namespace ahdiag
