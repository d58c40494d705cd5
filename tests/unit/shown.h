// An entry as one line of its fields, so that a table can say what is expected: "time=… level=… message=…".
#pragma once

#include <string>

#include "entry/entry.h"

namespace ahdiag {

inline void show(std::string& all, const std::string& name, const std::string& value) {
  if (!value.empty()) all += (all.empty() ? "" : " ") + name + "=" + value;
}

inline std::string shown(const Entry& entry) {
  const auto text = [](std::string_view view) { return std::string(view); };
  std::string all;
  if (entry.time) show(all, "time", to_rfc3339(*entry.time));
  show(all, "level", text(level_name(entry)));
  show(all, "module", text(entry.module));
  if (entry.pid) show(all, "pid", std::to_string(*entry.pid));
  if (entry.tid) show(all, "tid", std::to_string(*entry.tid));
  show(all, "where", text(entry.where));
  if (entry.status) show(all, "status", std::to_string(entry.status->number) + "/" + text(entry.status->text));
  show(all, entry.speaker == Speaker::remote ? "remote" : "client", text(entry.peer));
  if (entry.speaker == Speaker::client) show(all, "remote", text(entry.remote));
  show(all, "request", text(entry.request_id));
  show(all, "connection", text(entry.connection_id));
  show(all, "vhost", text(entry.virtual_host));
  show(all, "code", text(entry.code));
  show(all, "second", text(entry.second_code));
  show(all, "referer", text(entry.referer));
  if (entry.about == About::request) show(all, "about", "request");
  if (entry.about == About::connection) show(all, "about", "connection");
  show(all, "message", text(entry.message));
  return all;
}

}  // namespace ahdiag
