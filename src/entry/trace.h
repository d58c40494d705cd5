// Stack traces that come one record a line, as mod_wsgi and CGI scripts write Python's: put together to one entry each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"

namespace ahdiag {

// Where a line stands in a Python traceback.
enum class TraceLine : std::uint8_t { other, head, frame, blame, chain };

// `after_file`: the line before was 'File "…", line N', whose source line may have lost its indentation.
TraceLine trace_line(std::string_view text, bool indented, bool after_file);

// "ModuleNotFoundError: No module named 'x'", "django.core.exceptions.ImproperlyConfigured": what went wrong, in the
// end.
bool is_exception(std::string_view text);

// Whether a script may have written it a line at a time.
bool may_hold_trace(const Entry& entry);

class Traces {
 public:
  using Deliver = std::function<void(const Entry&, std::string_view around)>;

  explicit Traces(Deliver deliver) : deliver_(std::move(deliver)) {}

  // Keeps the entry where it is part of a trace and says so. Delivers the traces that it ends: one entry with the first
  // line's place and header, the whole as text, and the last exception as message.
  bool take(const Entry& entry, std::string_view around);
  void finish();
  [[nodiscard]] bool idle() const { return open_.empty(); }

 private:
  struct Open {
    std::string key, text, around;
    std::string host, program;  // of the carrier, as the views of its entry end with it
    Carrier carrier;
    Place place;
    std::optional<Stamp> time;
    std::size_t blame = 0;  // offset of the last exception in the text
    std::uint64_t last_line = 0;
    bool after_file = false;
    bool ended = false;  // the exception has come; a chained one may follow
    bool chained = false;
  };

  static bool go_on(Open& open, const Entry& entry, std::string_view message);
  void begin(const Entry& entry, std::string key, std::string_view around);
  void deliver(const Open& open);
  void deliver_old(std::uint64_t line);

  Deliver deliver_;
  std::vector<Open> open_;
};

}  // namespace ahdiag
