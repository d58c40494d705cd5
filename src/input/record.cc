#include "input/record.h"

#include <algorithm>
#include <charconv>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kLongestValue = 64 * 1024;
constexpr std::size_t kSizeBytes = 8;  // in front of a binary value: its length, little-endian

bool is_field_name(std::string_view name) {
  if (name.empty() || name.size() > 64) return false;
  return std::ranges::all_of(name, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

std::uint64_t size_of(std::string_view bytes) {
  std::uint64_t size = 0;
  for (std::size_t i = kSizeBytes; i-- > 0;) size = size << 8U | static_cast<unsigned char>(bytes[i]);
  return size;
}

// The microseconds since 1970 in hexadecimal digits, behind ";t=": exact where the zone's name in front is not.
std::string time_of_cursor(std::string_view text) {
  const auto at = text.rfind(";t=");
  if (at == std::string_view::npos) return {};
  std::int64_t micros = 0;
  const auto digits = text.substr(at + 3);
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), micros, 16);
  return end.ec == std::errc() ? std::to_string(micros) : std::string();
}

// No text makes a line of its own.
void set_text(std::string& to, std::string_view value) {
  to.clear();
  for (const char c : value.substr(0, kLongestValue)) {
    if (c == '\n')
      to += "\\n";
    else
      to += c;
  }
}

}  // namespace

void JournalFields::clear() {
  for (std::string* one : {&message, &program, &comm, &host, &unit, &pid, &time}) one->clear();
  has_message = false;
}

std::string* JournalFields::field(std::string_view name) {
  if (name == "MESSAGE") {
    has_message = true;
    return &message;
  }
  if (name == "SYSLOG_IDENTIFIER") return &program;
  if (name == "_COMM") return &comm;
  if (name == "_HOSTNAME") return &host;
  if (name == "_PID" || name == "SYSLOG_PID") return &pid;
  if (name == "__REALTIME_TIMESTAMP") return &time;
  // systemd's own messages name the unit that they are about in UNIT.
  if (name == "UNIT" || (name == "_SYSTEMD_UNIT" && unit.empty())) return &unit;
  return nullptr;
}

void JournalFields::take(std::string_view name, std::string_view value) {
  if (std::string* to = field(name)) set_text(*to, value);
}

void JournalFields::take(const JsonMember& member) {
  std::string* to = field(member.name);
  if (to == nullptr) return;
  to->clear();
  if (member.kind == JsonMember::Kind::number) *to = member.raw;
  append_value(member, *to);
}

Framed JournalFields::framed(std::string& lead) const {
  const std::string& tag = program.empty() ? comm : program;
  lead = host;
  if (!unit.empty()) lead += (lead.empty() ? "" : " ") + unit;
  lead += (lead.empty() ? "" : " ") + tag;
  if (!pid.empty()) lead += "[" + pid + "]";
  lead += ": ";
  Framed framed;
  framed.frame = Frame::journal;
  framed.text = message;
  framed.lead = lead;
  framed.program = tag;
  framed.host = host;
  framed.unit = unit;
  framed.pid = to_number(pid);
  if (const auto micros = to_number(time)) framed.time = Stamp{*micros, 6, 0};
  return framed;
}

bool JournalRecord::begin(std::string_view text) {
  std::string time;
  if (text == "{") {
    form_ = Form::pretty;
  } else if (text.starts_with("__CURSOR=")) {
    form_ = Form::exported;
  } else if (text.ends_with(']') && contains(text, " [s=") && contains(text, ";i=")) {
    form_ = Form::verbose;  // "Wed 2024-03-13 07:02:11.123456 CET [s=…;i=…;b=…;t=…]"
    time = time_of_cursor(text);
  } else {
    return false;
  }
  fields_.clear();
  if (!time.empty()) fields_.take("__REALTIME_TIMESTAMP", time);
  message_line_ = 0;
  name_.clear();
  in_list_ = false;
  return true;
}

JournalRecord::State JournalRecord::end(State state) {
  form_ = Form::none;
  return state;
}

bool JournalRecord::finish() {
  const bool whole = open() && fields_.has_message;
  form_ = Form::none;
  return whole;
}

JournalRecord::State JournalRecord::line(std::string_view text, std::uint64_t number) {
  switch (form_) {
    case Form::none: return begin(text) ? State::taken : State::no;
    case Form::exported: return exported_line(text, number);
    case Form::verbose: return verbose_line(text, number);
    case Form::pretty: return pretty_line(text, number);
  }
  return State::no;
}

void JournalRecord::note(std::string_view name, std::uint64_t number) {
  if (name == "MESSAGE") message_line_ = number;
}

// Source: systemd, "Journal Export Formats": NAME=value, or NAME, a length and bytes that may hold line breaks.
JournalRecord::State JournalRecord::exported_line(std::string_view text, std::uint64_t number) {
  if (!name_.empty()) {
    binary_line(text);
    return State::taken;
  }
  if (text.empty()) return end(State::done);
  const auto equals = text.find('=');
  const auto name = text.substr(0, equals);
  if (!is_field_name(name)) return end(State::ended);
  note(name, number);
  if (equals != std::string_view::npos) {
    fields_.take(name, text.substr(equals + 1));
  } else {
    name_ = name;
    binary_.clear();
    in_value_ = false;
  }
  return State::taken;
}

void JournalRecord::binary_line(std::string_view text) {
  if (in_value_) binary_ += '\n';
  in_value_ = true;
  binary_ += text;
  if (binary_.size() < kSizeBytes) return;
  const auto size = size_of(binary_);
  if (size > kLongestValue) {
    name_.clear();
  } else if (binary_.size() - kSizeBytes >= size) {
    fields_.take(name_, std::string_view(binary_).substr(kSizeBytes, size));
    name_.clear();
  }
}

// "    MESSAGE=AH00015: Unable to open logs"
JournalRecord::State JournalRecord::verbose_line(std::string_view text, std::uint64_t number) {
  if (!text.starts_with("    ")) return end(State::ended);
  text = trim_left(text);
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || !is_field_name(text.substr(0, equals))) return State::taken;
  note(text.substr(0, equals), number);
  fields_.take(text.substr(0, equals), text.substr(equals + 1));
  return State::taken;
}

// "	"MESSAGE" : "AH00015: Unable to open logs"," and bytes as a list, one a line.
JournalRecord::State JournalRecord::pretty_line(std::string_view text, std::uint64_t number) {
  text = trim(text);
  if (in_list_) {
    if (!text.starts_with(']')) {
      if (binary_.size() < kLongestValue * 4) binary_ += text;
      return State::taken;
    }
    in_list_ = false;
    fields_.take({name_, JsonMember::Kind::bytes, binary_});
    name_.clear();
    return State::taken;
  }
  if (text.starts_with('}')) return end(State::done);
  JsonMember member;
  if (!consume_json_string(text, member.name)) return end(State::ended);
  text = trim_left(text);
  if (!consume(text, ":")) return end(State::ended);
  text = trim(text);
  note(member.name, number);
  if (text == "[") {
    in_list_ = true;
    name_ = member.name;
    binary_.clear();
  } else if (consume_json_string(text, member.raw)) {
    member.kind = JsonMember::Kind::text;
    fields_.take(member);
  } else if (text.starts_with('[')) {
    member.kind = JsonMember::Kind::bytes;
    member.raw = text.substr(1, text.find(']') - 1);
    fields_.take(member);
  }
  return State::taken;
}

}  // namespace ahdiag
