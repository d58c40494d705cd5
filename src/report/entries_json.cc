#include "report/entries_json.h"

#include "entry/address.h"
#include "entry/fields.h"
#include "entry/noise.h"
#include "entry/speech.h"
#include "report/json_line.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::string_view kEcsVersion = "8.11.0";

// httpd's words, pasted without their header.
bool is_bare(const Entry& entry) { return entry.carrier.noise == noise_name(Noise::bare); }

std::string_view format_of(const Entry& entry) {
  if (entry.own_format) return "log-format";
  if (entry.header) return is_old_form(entry) ? "httpd-2.2" : "httpd-2.4";
  if (!entry.code.empty() || entry.status || begins_entry(entry.text)) return "start-up";
  return is_bare(entry) ? "bare" : "unknown";
}

std::string_view about_of(const Entry& entry) {
  switch (entry.about) {
    case About::message: return "message";
    case About::request: return "request";
    case About::connection: return "connection";
  }
  return {};
}

std::string_view client_of(const Entry& entry) {
  return entry.speaker == Speaker::client ? entry.peer : std::string_view();
}

std::string_view remote_of(const Entry& entry) { return entry.speaker == Speaker::remote ? entry.peer : entry.remote; }

// "mod_proxy.c(1467)".
struct SourceFile {
  std::string_view name;
  std::optional<std::int64_t> line;
};
SourceFile source_file_of(const Entry& entry) {
  const auto open = entry.where.rfind('(');
  if (open == std::string_view::npos) return {entry.where, std::nullopt};
  return {entry.where.substr(0, open), to_number(entry.where.substr(open + 1, entry.where.size() - open - 2))};
}

// 2.2 writes no port, and the last group of an IPv6 address would pass for one.
Address address_of(const Entry& entry, std::string_view peer) {
  const bool old = format_of(entry) == "httpd-2.2" && is_ip(peer);
  return old ? Address{peer, std::nullopt} : split_address(peer);
}

void add_address(JsonLine& json, std::string_view name, const Entry& entry, std::string_view peer) {
  if (peer.empty()) return json.absent(name);
  const Address address = address_of(entry, peer);
  json.begin(name);
  json.text("address", address.host);
  json.number("port", address.port);
  json.end();
}

void add_status(JsonLine& json, const Entry& entry) {
  if (!entry.status) return json.absent("status");
  json.begin("status");
  json.number("number", entry.status->number);
  json.text("name", status_name(*entry.status, Abi::linux_));
  json.text("text", entry.status->text);
  json.text("kind", kind_name(entry.status->kind));
  json.end();
}

// Ids are letters and digits: nothing in them needs an escape.
void add_codes(JsonLine& json, const Entry& entry) {
  if (entry.second_code.empty()) return json.absent("codes");
  json.raw("codes", "[\"" + std::string(entry.code) + "\",\"" + std::string(entry.second_code) + "\"]");
}

void add_source_file(JsonLine& json, const Entry& entry) {
  if (entry.where.empty()) return json.absent("source_file");
  const SourceFile file = source_file_of(entry);
  json.begin("source_file");
  json.text("file", file.name);
  json.number("line", file.line);
  json.end();
}

bool is_trouble(const Entry& entry) { return entry.level >= Level::emerg && entry.level <= Level::warn; }

void add_ecs_peer(JsonLine& json, std::string_view side, const Entry& entry, std::string_view peer) {
  if (peer.empty()) return;
  const Address address = address_of(entry, peer);
  const std::string prefix(side);
  json.text(prefix + ".address", address.host);
  if (is_ip(address.host)) json.text(prefix + ".ip", address.host);
  json.number(prefix + ".port", address.port);
}

void add_ecs_time(JsonLine& json, const Entry& entry, const TimeZone& zone) {
  constexpr std::size_t kOffset = 6;  // "+01:00"
  if (!entry.time) return;
  const std::string time = to_rfc3339(zone.with_offset(*entry.time));
  json.text("@timestamp", time);
  if (entry.time->offset) return;
  const bool utc = time.ends_with('Z');
  const std::string assumed = utc ? "UTC" : time.substr(time.size() - kOffset);
  json.text("event.timezone", zone.is_of_machine() ? assumed : zone.name());
}

void add_ecs_error(JsonLine& json, const Entry& entry) {
  json.text("error.code", entry.code);
  json.text("event.code", entry.code);
  if (!entry.status) return;
  const auto name = status_name(*entry.status, Abi::linux_);
  json.text("error.type", name);
  json.text("error.message", entry.status->text);
  json.number("httpd.errno.code", entry.status->number);
  json.text("httpd.errno.name", name);
  json.text("httpd.errno.kind", kind_name(entry.status->kind));
}

void add_ecs_place(JsonLine& json, const Entry& entry, std::string_view source) {
  if (source != "-") json.text("log.file.path", source);
  json.number("httpd.log.line", static_cast<std::int64_t>(entry.place.line));
  json.text("log.logger", entry.module);
  json.text("apache.error.module", entry.module);
  const SourceFile file = source_file_of(entry);
  json.text("log.origin.file.name", file.name);
  json.number("log.origin.file.line", file.line);
  json.number("process.pid", entry.pid);
  json.number("process.thread.id", entry.tid);
  json.text("process.name", entry.carrier.program);
  json.text("host.hostname", entry.carrier.host);
}

void add_ecs_event(JsonLine& json, const Entry& entry) {
  json.text("ecs.version", kEcsVersion);
  json.text("event.kind", "event");
  json.raw("event.category", "[\"web\"]");
  json.raw("event.type", is_trouble(entry) ? "[\"error\"]" : "[\"info\"]");
  json.text("event.module", "apache");
  json.text("event.dataset", "apache.error");
  json.text("service.type", "apache");
  json.text("event.original", entry.text);
  if (entry.level != Level::none) {
    const int traces = entry.level == Level::trace ? entry.trace : 0;  // httpd counts on from debug, 7
    json.number("event.severity",
                static_cast<int>(entry.level) - static_cast<int>(Level::emerg) + (traces > 0 ? traces - 1 : 0));
  }
}

}  // namespace

void append_entry(std::string& out, const Entry& entry, std::string_view source) {
  JsonLine json(out, false);
  json.text("time", entry.time ? to_rfc3339(*entry.time) : std::string());
  json.text("level", level_name(entry));
  json.text("module", entry.module);
  json.number("pid", entry.pid);
  json.number("tid", entry.tid);
  add_address(json, "client", entry, client_of(entry));
  add_address(json, "remote", entry, remote_of(entry));
  add_status(json, entry);
  json.text("code", entry.code);
  add_codes(json, entry);
  json.text("message", entry.message);
  json.text("referer", entry.referer);
  add_source_file(json, entry);
  json.text("about", about_of(entry));
  json.text("request_id", entry.request_id);
  json.text("connection_id", entry.connection_id);
  json.text("virtual_host", entry.virtual_host);
  json.text("source", source);
  json.number("line", static_cast<std::int64_t>(entry.place.line));
  json.number("continuation", static_cast<std::int64_t>(entry.carrier.lines));
  json.text("format", format_of(entry));
  json.text("noise", is_bare(entry) ? std::string_view() : entry.carrier.noise);
  json.text("frame", entry.carrier.frame);
  json.text("host", entry.carrier.host);
  json.text("program", entry.carrier.program);
  json.flag("truncated", entry.truncated);
  json.finish();
}

void append_ecs(std::string& out, const Entry& entry, std::string_view source, const TimeZone& zone) {
  JsonLine json(out, true);
  add_ecs_time(json, entry, zone);
  json.text("log.level", level_name(entry));
  json.text("message", entry.message);
  add_ecs_event(json, entry);
  add_ecs_error(json, entry);
  add_ecs_place(json, entry, source);
  add_ecs_peer(json, "source", entry, client_of(entry));
  add_ecs_peer(json, "destination", entry, remote_of(entry));
  json.text("http.request.referrer", entry.referer);
  json.text("http.request.id", entry.request_id);
  json.text("httpd.connection_id", entry.connection_id);
  json.text("httpd.virtual_host", entry.virtual_host);
  if (entry.truncated) json.flag("httpd.truncated", true);
  json.finish();
}

}  // namespace ahdiag
