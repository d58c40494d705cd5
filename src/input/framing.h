// What others put around httpd's line: syslog, journalctl, compose. Peeled off before the line is read.
#pragma once

#include <optional>
#include <string_view>

#include "text/stamp.h"

namespace ahdiag {

enum class Frame { none, syslog, journal, compose, cri, prompt };

struct Framed {
  Frame frame = Frame::none;
  std::string_view text;      // what was inside
  std::string_view program;   // syslog's tag without the process id: "httpd", "systemd", "apachectl"
  std::string_view host;      // syslog's
  std::optional<Stamp> time;  // only where the frame states a whole date
};

// Peels the frames off the front of a line, several where they are nested (compose around syslog).
Framed unframe(std::string_view line);

std::string_view frame_name(Frame frame);

}  // namespace ahdiag
