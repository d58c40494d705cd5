#include "entry/trace.h"

#include <algorithm>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostOpen = 8;      // processes that write traces at once
constexpr std::uint64_t kFarthest = 200;  // lines between two of one trace
constexpr std::size_t kLongestTrace = 32 * 1024;
constexpr std::string_view kHead = "Traceback (most recent call last):";

// mod_cgi's "stderr from /x.cgi: " (2.4.60) in front of what the script wrote.
std::string_view script_words(std::string_view message) {
  if (!message.starts_with("stderr from ")) return message;
  const auto end = message.find(": ");
  return end == std::string_view::npos ? message : message.substr(end + 2);
}

bool is_indented(const Entry& entry, std::string_view message) {
  const auto before = static_cast<std::size_t>(message.data() - entry.text.data());
  return !message.empty() && before >= 2 && entry.text[before - 1] == ' ' && entry.text[before - 2] == ' ';
}

std::string key_of(const Entry& entry) {
  std::string key(entry.module);
  key += '\x1f';
  key += entry.peer;
  key += '\x1f';
  if (entry.pid) key += std::to_string(*entry.pid);
  key += '\x1f';
  if (entry.tid) key += std::to_string(*entry.tid);
  return key;
}

}  // namespace

bool may_hold_trace(const Entry& entry) {
  const auto& module = entry.module;  // none: httpd 2.2
  return is(module, "wsgi") || is(module, "cgi") || is(module, "cgid") || is(module, "python") ||
         (module.empty() && !entry.peer.empty());
}

bool is_exception(std::string_view text) {
  const auto name = text.substr(0, text.find_first_of(": ("));
  if (name.empty() || name.size() > 120) return false;
  if (name.size() < text.size() && text[name.size()] != ':') return false;
  const auto fits = [](char c) { return is_alnum(c) || c == '_' || c == '.'; };
  if (!std::all_of(name.begin(), name.end(), fits)) return false;
  const auto last = name.substr(name.rfind('.') + 1);
  return !last.empty() && is_upper(last.front());
}

TraceLine trace_line(std::string_view text, bool indented, bool after_file) {
  if (text.starts_with(kHead)) return TraceLine::head;
  if (text.starts_with("During handling of the above exception") ||
      text.starts_with("The above exception was the direct"))
    return TraceLine::chain;
  if (indented || text.starts_with("File \"")) return TraceLine::frame;
  if (is_exception(text)) return TraceLine::blame;
  return after_file ? TraceLine::frame : TraceLine::other;
}

bool Traces::take(const Entry& entry, std::string_view around) {
  deliver_old(entry.place.line);
  if (!may_hold_trace(entry)) return false;
  const auto message = script_words(entry.message);
  if (open_.empty() && !message.starts_with(kHead)) return false;
  std::string key = key_of(entry);
  const auto found = std::find_if(open_.begin(), open_.end(), [&](const Open& one) { return one.key == key; });
  if (found != open_.end()) {
    if (go_on(*found, entry, message)) return true;
    const Open done = std::move(*found);
    open_.erase(found);
    deliver(done);
  }
  if (!message.starts_with(kHead)) return false;
  begin(entry, std::move(key), around);
  return true;
}

void Traces::begin(const Entry& entry, std::string key, std::string_view around) {
  if (open_.size() == kMostOpen) {
    const Open oldest = std::move(open_.front());
    open_.erase(open_.begin());
    deliver(oldest);
  }
  Open open;
  open.key = std::move(key);
  open.text = entry.text;
  open.around = around;
  open.place = entry.place;
  open.time = entry.time;
  open.carrier = entry.carrier;
  open.host = entry.carrier.host;
  open.program = entry.carrier.program;
  open.blame = static_cast<std::size_t>(entry.message.data() - entry.text.data());
  open.last_line = entry.place.line;
  open_.push_back(std::move(open));
}

bool Traces::go_on(Open& open, const Entry& entry, std::string_view message) {
  const auto kind = trace_line(message, is_indented(entry, message), open.after_file);
  const bool fits = message.empty() || kind == TraceLine::chain || (kind == TraceLine::head && open.chained) ||
                    (!open.ended && (kind == TraceLine::frame || kind == TraceLine::blame));
  if (!fits || open.text.size() > kLongestTrace) return false;
  open.last_line = entry.place.line;
  open.carrier.lines += entry.carrier.lines;
  if (message.empty()) return true;
  open.text += "\\n";
  // The exception's own line keeps its id: "AH01215: ModuleNotFoundError: …".
  if (kind == TraceLine::blame) open.blame = open.text.size();
  open.text += message;
  open.after_file = message.starts_with("File \"");
  open.chained = kind == TraceLine::chain;
  open.ended = kind == TraceLine::blame || (kind == TraceLine::chain);
  if (kind == TraceLine::head) open.ended = false;
  return true;
}

void Traces::deliver_old(std::uint64_t line) {
  while (!open_.empty() && open_.front().last_line + kFarthest < line) {
    const Open old = std::move(open_.front());
    open_.erase(open_.begin());
    deliver(old);
  }
}

void Traces::deliver(const Open& open) {
  Entry entry = parse_entry(open.text);
  entry.place = open.place;
  entry.time = open.time;
  entry.carrier = open.carrier;
  entry.carrier.host = open.host;
  entry.carrier.program = open.program;
  entry.message = std::string_view(open.text).substr(open.blame);
  deliver_(entry, open.around);
}

void Traces::finish() {
  while (!open_.empty()) {
    const Open first = std::move(open_.front());
    open_.erase(open_.begin());
    deliver(first);
  }
}

}  // namespace ahdiag
