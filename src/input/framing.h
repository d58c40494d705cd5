// What others put around httpd's line: syslog, journalctl, compose, CRI, CI. Peeled off before the line is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "text/stamp.h"

namespace ahdiag {

enum class Frame : std::uint8_t {
  none,
  syslog,      // RFC 3164, RFC 5424, journalctl -o short*, Heroku's drains
  journal,     // journalctl -o json, json-pretty, export, verbose
  compose,     // "web-1  | "
  cri,         // Kubernetes' node files, docker logs -t
  docker,      // docker's json-file
  kubernetes,  // kubectl logs --prefix
  supervisor,  // a supervisor's clock or stream in front
  ci,          // GitHub, GitLab, Jenkins
  prompt,      // "> " of a mail, "==> default: " of vagrant
  numbered,    // "12: ", "error.log:12:" of grep and editors
  event,       // ">>> " of the Windows event log
  result,      // Ansible's JSON
  kFrames
};

// The moment of a syslog line, which states no year.
struct YearDay {
  int month = 0;
  int day = 0;
  std::int64_t micros = 0;  // of the day
};

enum class Piece : std::uint8_t { whole, first, last };

struct Framed {
  Frame frame = Frame::none;
  std::string_view text;            // what was inside
  std::string_view lead;            // what stood before it; for JSON and export "host program[pid]: ", made up
  std::string_view program;         // syslog's tag without the process id: "httpd", "systemd", "apachectl"
  std::string_view host;            // or the container
  std::string_view unit;            // "httpd.service"
  std::optional<std::int64_t> pid;  // of the program
  std::optional<Stamp> time;        // only where the frame states a whole date
  std::optional<YearDay> yearless;  // where it states all but the year
  bool error_stream = false;        // CRI, docker: stderr
  bool partial = false;             // CRI, docker: the line goes on with the next of this stream
};

// Peels the frames off the front of a line, several where they are nested (compose around syslog).
Framed unframe(std::string_view line);

// The same for what stands in no frame by itself: "12: " before words of httpd.
bool peel_number(Framed& framed, std::string_view& file);

// "[Www Mon dd hh:mm:ss": the shape of httpd's stamp, looked at in fixed places.
bool is_stamped(std::string_view text);

// Httpd itself speaks at the front of `text`: a stamp, an id, a level in brackets or a status.
bool speaks(std::string_view text);

std::string_view frame_name(Frame frame);

}  // namespace ahdiag
