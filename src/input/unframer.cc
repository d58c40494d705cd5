#include "input/unframer.h"

#include "input/paste.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

bool is_words(const JsonMember& member) {
  return member.kind == JsonMember::Kind::text &&
         (member.name == "msg" || member.name == "stderr" || member.name == "stdout");
}

bool is_object(std::string_view text) { return text.starts_with("{\"") || text.starts_with("{ \""); }

}  // namespace

void Unframer::line(const Line& line) {
  const std::string_view text = mend(line.text, scratch_);
  if (!record_.open() && is_stamped(text)) {
    Framed framed;
    framed.text = text;
    framed.lead = text.substr(0, 0);
    was_numbered_ = in_list_ = false;
    return deliver_(line, framed);
  }
  const Line mended{text, line.number, line.cut};
  if (journal_line(mended)) return;
  Framed framed = unframe(text);
  if (json_line(mended, framed)) return;
  if (framed.frame == Frame::none || framed.frame == Frame::numbered) {
    if (deliver_result(mended, framed)) return;
    was_numbered_ = numbered(framed);
  }
  deliver(mended, framed);
}

bool Unframer::journal_line(const Line& line) {
  const auto state = record_.line(line.text, line.number);
  if (state == JournalRecord::State::no) return false;
  if (state != JournalRecord::State::taken && record_.fields().has_message) deliver_record(line);
  if (state != JournalRecord::State::ended) return true;
  // The line may begin the next record.
  return record_.line(line.text, line.number) == JournalRecord::State::taken;
}

void Unframer::deliver_record(const Line& line) {
  const Framed framed = record_.fields().framed(lead_);
  deliver_({framed.text, record_.message_line(), line.cut}, framed);
}

bool Unframer::json_line(const Line& line, const Framed& outer) {
  std::string_view text = outer.text;
  if (consume(text, "\x1e") || consume(text, "data: ")) text = trim_left(text);  // json-seq, json-sse
  if (!is_object(text)) return false;
  return deliver_journal(line, text, outer) || deliver_docker(line, text, outer) || deliver_event(line, text, outer);
}

// journalctl -o json
bool Unframer::deliver_journal(const Line& line, std::string_view object, const Framed& outer) {
  if (!contains(object, "\"MESSAGE\"")) return false;
  fields_.clear();
  FlatJson json(object);
  for (JsonMember member; json.next(member);) fields_.take(member);
  if (!json.complete() || !fields_.has_message) return false;
  Framed framed = fields_.framed(lead_);
  if (framed.host.empty()) framed.host = outer.host;
  deliver_({framed.text, line.number, line.cut}, framed);
  return true;
}

// {"log":"text\n","stream":"stderr","time":"2024-03-13T07:02:11.000000001Z"}: docker's json-file, Fluent Bit's too.
// A text without the line break goes on in the next object.
bool Unframer::deliver_docker(const Line& line, std::string_view object, const Framed& outer) {
  if (!contains(object, "\"log\"") || !contains(object, "\"stream\"")) return false;
  Framed framed = outer;
  framed.frame = Frame::docker;
  framed.partial = true;
  bool found = false;
  FlatJson json(object);
  for (JsonMember member; json.next(member);) {
    if (member.kind != JsonMember::Kind::text) continue;
    if (member.name == "log") {
      found = true;
      std::string_view raw = member.raw;
      if (raw.ends_with("\\n")) {
        raw.remove_suffix(2);
        framed.partial = false;
      }
      value_.clear();
      append_value({member.name, member.kind, raw}, value_);
    }
    if (member.name == "stream") framed.error_stream = member.raw == "stderr";
    std::string_view raw = member.raw;
    if (member.name == "time") framed.time = consume_iso_time(raw);
  }
  if (!found || !json.complete()) return false;
  framed.lead = {};
  framed.text = value_;
  deliver(line, framed);
  return true;
}

// What shippers, clouds and an ErrorLogFormat of JSON make of a line: the raw text is one member of an event.
bool Unframer::deliver_event(const Line& line, std::string_view object, const Framed& outer) {
  const bool cloud = contains(object, "\"textPayload\"");
  const auto is_time = [cloud](std::string_view name) {
    return name == "timestamp" || (!cloud && (name == "@timestamp" || name == "time"));
  };
  const auto is_text = [cloud](std::string_view name) {
    return cloud ? name == "textPayload" : name == "message" || name == "msg";
  };
  if (!cloud && !(contains(object, "time") && (contains(object, "\"message\"") || contains(object, "\"msg\""))))
    return false;
  Framed framed = outer;
  framed.frame = Frame::docker;
  bool found = false, timed = false;
  FlatJson json(object);
  for (JsonMember member; json.next(member);) {
    if (member.kind != JsonMember::Kind::text) continue;
    std::string_view raw = member.raw;
    if (is_text(member.name) && !found) {
      found = true;
      value_.clear();
      append_value({member.name, member.kind, raw.ends_with("\\n") ? raw.substr(0, raw.size() - 2) : raw}, value_);
    }
    if (!is_time(member.name)) continue;
    timed = true;
    if (const auto time = consume_iso_time(raw)) framed.time = time;
  }
  if (!found || !(timed || cloud) || !json.complete()) return false;
  framed.lead = {};
  framed.text = value_;
  deliver(line, framed);
  return true;
}

// What Ansible keeps of a command that failed, one of its lines at a time.
void Unframer::deliver_words(const Line& line, const Framed& outer, const JsonMember& member) {
  value_.clear();
  append_value(member, value_);
  for (std::string_view rest = value_; !rest.empty();) {
    const auto end = rest.find("\\n");
    Framed framed = outer;
    framed.frame = Frame::result;
    framed.lead = {};
    framed.text = rest.substr(0, end);
    deliver_(line, framed);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
  }
}

// 'fatal: [web1]: FAILED! => {"msg": "…", "stderr": "line\nline"}', on one line or spread over many.
bool Unframer::deliver_result(const Line& line, const Framed& outer) {
  const std::string_view text = trim(outer.text);
  if (text.size() < outer.text.size() && text.starts_with('"')) return deliver_result_line(line, outer, text);
  in_list_ = false;
  if (!begins_with(text, "fatal: ") && !begins_with(text, "failed: ")) return false;
  const auto arrow = text.substr(0, 200).find("! => {");
  if (arrow == std::string_view::npos) return false;
  FlatJson json(text.substr(arrow + 5));
  bool found = false;
  for (JsonMember member; json.next(member);) {
    if (!is_words(member)) continue;
    deliver_words(line, outer, member);
    found = true;
  }
  return found;
}

// '    "stderr": "line\nline",' and the elements of "stderr_lines".
bool Unframer::deliver_result_line(const Line& line, const Framed& outer, std::string_view text) {
  JsonMember member;
  if (!consume_json_string(text, member.name)) return false;
  if (consume(text, ": ")) {
    in_list_ = member.name.ends_with("_lines") && text == "[";
    if (in_list_) return true;
    if (!consume_json_string(text, member.raw)) return false;
    member.kind = JsonMember::Kind::text;
    if (is_words(member)) deliver_words(line, outer, member);
    return is_words(member);
  }
  if (!in_list_ || !(text.empty() || text == ",")) return false;
  deliver_words(line, outer, {{}, JsonMember::Kind::text, member.name});
  return true;
}

// Line numbers and names of files: certain before httpd's words, and believed on the lines that follow.
bool Unframer::numbered(Framed& framed) {
  std::string_view file;
  const auto whole = framed.text;
  if (peel_number(framed, file)) {
    file_ = file;
  } else {
    if (!was_numbered_) return false;
    std::string_view rest = trim_left(framed.text);
    if (!file_.empty() && !(consume(rest, file_) && (consume(rest, ":") || consume(rest, "-")))) return false;
    const bool number = consume_number(rest).has_value();
    if (number ? !(consume(rest, ":") || consume(rest, "-") || consume(rest, "\t") || consume(rest, " "))
               : file_.empty())
      return false;
    if (file_.empty()) consume(rest, " ");
    framed.frame = Frame::numbered;
    framed.text = rest;
  }
  framed.lead = whole.substr(0, static_cast<std::size_t>(framed.text.data() - whole.data()));
  return true;
}

// Parts of one line are put together; each stream of a container has its own.
void Unframer::deliver(const Line& line, const Framed& framed) {
  Part& part = parts_.at(framed.error_stream ? 1 : 0);
  if (!framed.partial && part.text.empty()) return deliver_(line, framed);
  if (part.text.empty()) part.number = line.number;
  part.text.append(framed.text.substr(0, kLongestLine - std::min(kLongestLine, part.text.size())));
  if (framed.partial) return;
  Framed whole = framed;
  whole.text = part.text;
  deliver_({whole.text, part.number, line.cut}, whole);
  part.text.clear();
}

void Unframer::finish() {
  const Line end{{}, 0, 0};
  if (record_.finish()) deliver_record(end);
  for (Part& part : parts_) {
    if (part.text.empty()) continue;
    Framed framed;
    framed.frame = Frame::cri;
    framed.text = part.text;
    deliver_({framed.text, part.number, 0}, framed);
    part.text.clear();
  }
}

}  // namespace ahdiag
