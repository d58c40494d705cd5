// Reads a line back by a compiled format. Fields of a known shape take what has their shape; a missing group is seen by
// its absence. What a visitor may have chosen (a header) ends where the rest of the format fits, and if it fits at more
// than one place, nothing behind it is believed. The message ends where the groups behind it, read from the end of the
// line, begin. Linear: tries are counted, and fields have a longest size.
#include <algorithm>
#include <array>

#include "entry/config_error.h"
#include "entry/fields.h"
#include "entry/log_format.h"
#include "entry/shape.h"
#include "text/ascii.h"
#include "text/time_format.h"

namespace ahdiag {
namespace {

using Field = LogFormat::Field;
using Item = LogFormat::Item;
using Group = LogFormat::Group;

constexpr std::size_t kMostItems = 64;
constexpr std::size_t kMostTries = 256;
constexpr auto kNowhere = std::string_view::npos;

bool is_foreign(const Item& item) { return item.field == Field::foreign || item.field == Field::referer; }

// One try to read one line.
class Walk {
 public:
  Walk(const LogFormat& format, std::string_view line) : groups_(format.groups()), about_(format.about()), line_(line) {
    for (std::size_t g = 0; g < groups_.size(); ++g)
      first_.at(g) = g == 0 ? 0 : first_.at(g - 1) + groups_[g - 1].items.size();
  }

  std::optional<Entry> read() {
    walk(0, 0);
    if (solutions_ > 1 || lost_) return doubtful();
    if (solutions_ == 0) return std::nullopt;
    values_ = best_;
    std::size_t end = line_.size();
    if (about_ == About::message && !read_trailer(end)) return std::nullopt;
    if (about_ == About::message && message_at_ == 0 && end == line_.size()) return std::nullopt;
    return entry(line_.substr(std::min(message_at_, end), end - std::min(message_at_, end)));
  }

 private:
  using Values = std::array<std::string_view, kMostItems>;

  [[nodiscard]] const Item& item(std::size_t g, std::size_t i) const { return groups_[g].items[i]; }
  [[nodiscard]] bool is_last(std::size_t g, std::size_t i) const { return i + 1 == groups_[g].items.size(); }

  // The text that follows an item for certain, or would if its group's successor is there.
  [[nodiscard]] std::string_view behind(std::size_t g, std::size_t i) const {
    if (is_last(g, i)) {
      ++g;
      i = 0;
    } else {
      ++i;
    }
    if (g == groups_.size() || groups_[g].items.empty() || item(g, i).field != Field::literal) return {};
    return item(g, i).text;
  }

  void walk(std::size_t g, std::size_t at) {
    if (g == groups_.size()) return record(g, 0, at, at == line_.size() && about_ != About::message);
    bool present = false;
    walk_items(g, 0, at, present);
    if (present || lost_ || !groups_[g].may_be_missing(foreign_ > 0)) return;
    clear(g);
    // %M is never missing, even where the rest of its group is.
    const auto message = std::ranges::find(groups_[g].items, Field::message, &Item::field);
    if (message != groups_[g].items.end()) return record(g, groups_[g].items.size() - 1, at, true);
    walk(g + 1, at);
  }

  void walk_items(std::size_t g, std::size_t i, std::size_t at, bool& present) {
    if (solutions_ > 1 || lost_) return;
    if (i == groups_[g].items.size()) {
      present = true;
      return walk(g + 1, at);
    }
    const Item& one = item(g, i);
    if (one.field == Field::message) {
      present = true;
      return record(g, i, at, true);
    }
    if (is_foreign(one)) return walk_foreign(g, i, at, present);
    const std::size_t length = length_at(g, i, at, line_.size());
    if (length == 0) return;
    walk_items(g, i + 1, at + length, present);
  }

  // Words of a visitor: every end behind which the format goes on is tried.
  void walk_foreign(std::size_t g, std::size_t i, std::size_t at, bool& present) {
    const bool literal = !is_last(g, i) && item(g, i + 1).field == Field::literal;
    for (std::size_t end = at + 1; end <= line_.size(); ++end) {
      if (literal) end = line_.find(item(g, i + 1).text, end);
      if (end == kNowhere) return lose_if_cut(g, i, at);
      if (++tries_ > kMostTries) return lose(g, i, at);
      values_.at(first_.at(g) + i) = line_.substr(at, end - at);
      ++foreign_;
      walk_items(g, i + 1, end, present);
      --foreign_;
    }
  }

  // A record that was cut inside of a visitor's words, or that has too many ends for them, is told up to there.
  void lose(std::size_t g, std::size_t i, std::size_t at) {
    lost_ = true;
    values_.at(first_.at(g) + i) = line_.substr(at);
    if (solutions_ == 0) best_ = values_;
  }
  void lose_if_cut(std::size_t g, std::size_t i, std::size_t at) {
    if (solutions_ == 0 && has_longest_size(line_)) lose(g, i, at);
  }

  // Length of the item at `at`, and its value; 0 if it is not there.
  std::size_t length_at(std::size_t g, std::size_t i, std::size_t at, std::size_t end) {
    const Item& one = item(g, i);
    const auto text = line_.substr(at, end - at);
    if (one.field == Field::literal) return text.starts_with(one.text) ? one.text.size() : 0;
    const std::size_t length = shape_length(one, text, behind(g, i));
    const bool hyphen = one.hyphen && text.starts_with('-') && length <= 1;
    values_.at(first_.at(g) + i) = hyphen ? std::string_view() : text.substr(0, length);
    return hyphen ? 1 : length;
  }

  void clear(std::size_t g) {
    for (std::size_t i = 0; i < groups_[g].items.size(); ++i) values_.at(first_.at(g) + i) = {};
  }

  // The header fits up to `at`, where item `i` of group `g`, the message, begins.
  void record(std::size_t g, std::size_t i, std::size_t at, bool fits) {
    if (!fits || lost_) return;
    if (++solutions_ > 1) return;
    best_ = values_;
    message_group_ = g;
    message_item_ = i;
    message_at_ = at;
  }

  // ---- behind the message, from the end of the line

  bool read_trailer(std::size_t& end) {
    const bool cut = has_longest_size(line_);
    for (std::size_t g = groups_.size(); g-- > message_group_ + 1;) {
      if (!read_group_before(g, 0, end) && !groups_[g].may_be_missing() && !cut) return false;
    }
    const bool more = message_item_ + 1 < groups_[message_group_].items.size();
    return !more || read_group_before(message_group_, message_item_ + 1, end) || cut;
  }

  // Items of a group from `i` on that end at `end`; if they are there, `end` becomes their begin.
  bool read_group_before(std::size_t g, std::size_t i, std::size_t& end) {
    if (groups_[g].items.empty()) return true;
    if (!may_be_believed(g)) return false;
    const Item& one = item(g, i);
    const std::string_view lead = one.field == Field::literal ? std::string_view(one.text) : std::string_view();
    std::size_t at = end;
    for (std::size_t tries = 0; tries < kMostTries && at > message_at_; ++tries) {
      at = line_.rfind(lead, at - 1);
      if (at == kNowhere || at < message_at_) break;
      if (!fits(g, i, at, end)) continue;
      end = at;
      return true;
    }
    clear_from(g, i);
    return false;
  }

  // Where a visitor is named, a status behind the message may be the visitor's words.
  [[nodiscard]] bool may_be_believed(std::size_t g) const {
    const auto has = [&](Field field) {
      return std::ranges::find(groups_[g].items, field, &Item::field) != groups_[g].items.end();
    };
    return !has(Field::status) || has(Field::message) || !has_visitor();
  }

  [[nodiscard]] bool has_visitor() const {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < groups_[g].items.size(); ++i) {
        const Field field = item(g, i).field;
        const bool names = field == Field::client || field == Field::connection || field == Field::request_id;
        if (names && !values_.at(first_.at(g) + i).empty()) return true;
      }
    }
    return false;
  }

  bool fits(std::size_t g, std::size_t i, std::size_t at, std::size_t end) {
    if (i == groups_[g].items.size()) return at == end;
    if (item(g, i).field == Field::status && is_last(g, i)) {
      values_.at(first_.at(g) + i) = line_.substr(at, end - at);
      return whole_status(line_.substr(at, end - at)).has_value();
    }
    if (!is_foreign(item(g, i))) {
      const std::size_t length = length_at(g, i, at, end);
      return length > 0 && fits(g, i + 1, at + length, end);
    }
    // The last place where the next item can begin.
    const bool last = is_last(g, i);
    const bool literal = !last && item(g, i + 1).field == Field::literal;
    if (!last && !literal) return false;
    const std::size_t stop = last ? end : line_.substr(0, end).rfind(item(g, i + 1).text);
    if (stop == kNowhere || stop <= at) return false;
    values_.at(first_.at(g) + i) = line_.substr(at, stop - at);
    return fits(g, i + 1, stop, end);
  }

  void clear_from(std::size_t g, std::size_t i) {
    for (; i < groups_[g].items.size(); ++i) values_.at(first_.at(g) + i) = {};
  }

  // ---- the entry

  // The format fits in more than one way: only what stands before the visitor's words is httpd's.
  std::optional<Entry> doubtful() {
    Values kept{};
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < groups_[g].items.size(); ++i) {
        const auto value = best_.at(first_.at(g) + i);
        if (is_foreign(item(g, i)) && !value.empty()) {
          values_ = kept;
          Entry known = entry({});
          known.speaker = Speaker::client;
          known.message = line_.substr(static_cast<std::size_t>(value.data() - line_.data()));
          return known;
        }
        kept.at(first_.at(g) + i) = value;
      }
    }
    return std::nullopt;
  }

  Entry entry(std::string_view words) {
    Entry entry;
    entry.text = line_;
    entry.about = about_;
    entry.own_format = true;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (std::size_t i = 0; i < groups_[g].items.size(); ++i) {
        const auto value = values_.at(first_.at(g) + i);
        const bool nothing = value.empty() || (item(g, i).hyphen && value == "-");
        if (!nothing) set(entry, item(g, i), value);
      }
    }
    if (entry.about != About::message) entry.speaker = Speaker::client;
    entry.header = entry.time || entry.level != Level::none;
    entry.truncated = has_longest_size(line_);
    if (entry.about != About::message) {
      entry.message = line_;
      return entry;
    }
    set_message(entry, words);
    entry.config = open_config_error(entry);
    if (entry.config && !entry.status) entry.status = status_at_end(entry.config->body);
    return entry;
  }

  static void set(Entry& entry, const Item& item, std::string_view value) {
    switch (item.field) {
      case Field::client: return set_peer(entry, value);
      case Field::connection: return entry.peer.empty() ? set_peer(entry, value) : void(entry.remote = value);
      case Field::status: entry.status = whole_status(value); return;
      case Field::where: entry.where = value; return;
      case Field::level: set_level(entry, value); return;
      case Field::module: entry.module = value; return;
      case Field::pid: entry.pid = to_number(value); return;
      case Field::tid: entry.tid = to_number(value); return;
      case Field::time:
        entry.time = item.text.empty() ? consume_log_time(value) : consume_time(value, item.text);
        return;
      case Field::host: entry.virtual_host = value; return;
      case Field::asked_host:
        if (entry.virtual_host.empty()) entry.virtual_host = value;
        return;
      case Field::request_id:
        entry.request_id = value;
        entry.speaker = Speaker::client;
        return;
      case Field::connection_id:
        entry.connection_id = value;
        entry.speaker = Speaker::client;
        return;
      case Field::referer:
        entry.referer = value;
        entry.speaker = Speaker::client;
        return;
      case Field::foreign: entry.speaker = Speaker::client; return;
      case Field::literal:
      case Field::message:
      case Field::local:
      case Field::count:
      case Field::token: return;
    }
  }

  // %a after %{c}a: the visitor's address goes before that of the proxy in between.
  static void set_peer(Entry& entry, std::string_view address) {
    if (!entry.peer.empty()) entry.remote = entry.peer;
    entry.peer = address;
    entry.speaker = Speaker::client;
  }

  const std::vector<Group>& groups_;
  About about_;
  std::string_view line_;
  std::array<std::size_t, kMostItems> first_{};  // of a group's items, in `values_`
  Values values_{}, best_{};
  std::size_t solutions_ = 0, tries_ = 0;
  std::size_t foreign_ = 0;  // items of a request on the way so far
  bool lost_ = false;
  std::size_t message_group_ = 0, message_item_ = 0, message_at_ = 0;
};

}  // namespace

std::optional<Entry> LogFormat::match(std::string_view line) const { return Walk(*this, trim(line)).read(); }

}  // namespace ahdiag
