#include "entry/entry.h"

#include "entry/address.h"
#include "entry/config_error.h"
#include "entry/fields.h"
#include "entry/plain_line.h"
#include "text/ascii.h"
#include "text/time_format.h"

namespace ahdiag {
namespace {

// httpd's default form, and every form whose header is one field a bracket, in any order. What follows the header is in
// httpd's order: where, status, peer, message (2.4), or where, peer, status, message (2.2).
class DefaultForm {
 public:
  // Into a fresh entry.
  DefaultForm(std::string_view text, Entry& entry) : entry_(entry), rest_(trim(text)) { entry_.text = rest_; }

  void read() {
    read_bare_time();
    read_on();
  }

  // A look has shown where the parts of a line begin: they are not searched again.
  void read_looked(const PlainLine& plain) {
    entry_.time = plain.time();
    rest_.remove_prefix(plain.level_at() - 1);
    looked_ = &plain;
    if (!read_level({rest_.data() + 1, plain.level_size})) return read_on();
    rest_.remove_prefix(plain.level_size + 2U);
    rest_ = trim_left(rest_);
    if (plain.has_pid()) read_looked_ids();
    return read_on();
  }

 private:
  void read_on() {
    if (!is_peer_next()) read_header();
    if (read_peer()) {
      if (is_old_form()) read_status();
      read_second_peer();
    } else {
      read_plain_ids();
    }
    read_words();
  }

  // The rest of it, up to the peer or the words.
  void read_header() {
    while (read_header_bracket()) {
    }
    entry_.header = entry_.time || entry_.level != Level::none;
    read_torn_ids();
    while (read_where() || read_status()) {
    }
  }

  // A look has shown the peer, and it is here: nothing stands before it.
  [[nodiscard]] bool is_peer_next() {
    if (looked_ == nullptr || entry_.level == Level::none || looked_->peer_size == 0) return false;
    if (!begins_with(rest_, "[client ") && !begins_with(rest_, "[remote ")) return false;
    entry_.header = true;
    return shows_peer_ = true;
  }

  bool read_looked_peer() {
    constexpr std::size_t kName = 8;  // "[client "
    entry_.peer = {rest_.data() + kName, looked_->peer_size};
    entry_.speaker = looked_->by_client ? Speaker::client : Speaker::remote;
    rest_.remove_prefix(kName + looked_->peer_size + 1);
    rest_ = trim_left(rest_);
    return true;
  }

  // "[pid 11716] ", "[pid 11716:tid 139836926555164] ": both are digits.
  void read_looked_ids() {
    constexpr std::size_t kName = 5;  // "[pid ", ":tid "
    entry_.pid = looked_->process(entry_.text);
    const char* at = rest_.data() + kName + looked_->pid_size;
    if (*at == ':') {
      std::int64_t tid = 0;
      for (at += kName; *at != ']'; ++at) tid = tid * 10 + (*at - '0');
      entry_.tid = tid;
    }
    rest_.remove_prefix(static_cast<std::size_t>(at + 1 - rest_.data()));
    rest_ = trim_left(rest_);
  }

  // 2.2: "[error]" instead of "[core:error]", and no process.
  [[nodiscard]] bool is_old_form() const { return bare_level_ && !entry_.pid && !entry_.tid; }

  // A header that lost its first bracket to the mouse: "Fri Aug 01 13:32:32.570047 2025] [ssl:error] …".
  void read_bare_time() {
    std::string_view after = rest_;
    const auto time = consume_ctime(after);
    if (!time || !consume(after, "]")) return;
    entry_.time = time;
    rest_ = trim_left(after);
  }

  // "[pid 8:tid AH00163: …": what the manual's format for threaded servers leaves where there are no threads.
  bool read_open_pid() {
    std::string_view after = rest_;
    if (entry_.pid || !consume(after, "[pid ")) return false;
    const auto pid = consume_number(after);
    if (!pid || !consume(after, ":tid ") || after.starts_with('-') || consume_number(after)) return false;
    entry_.pid = pid;
    rest_ = trim_left(after);
    return true;
  }

  // "[proxy:error] pid 35264:tid 2936474688Permission denied: AH00952: …": a page took the brackets away, and with them
  // the number of the status.
  void read_torn_ids() {
    std::string_view after = rest_;
    if (!entry_.time || entry_.level == Level::none || entry_.pid || !consume(after, "pid ")) return;
    const auto pid = consume_number(after);
    if (!pid || !consume(after, ":tid ")) return;
    const auto tid = consume_thread(after);
    if (!tid) return;
    entry_.pid = pid;
    entry_.tid = tid;
    consume(after, "]");
    rest_ = trim_left(after);
    const auto words = rest_.substr(0, rest_.find(": AH"));
    if (words.size() == rest_.size() || code_at(rest_.substr(words.size() + 2)).empty()) return;
    entry_.status = status_of_words(words);
    if (entry_.status) rest_.remove_prefix(words.size() + 2);
  }

  // One "[…] " of the header. What stands in brackets but is none of its fields begins the message.
  bool read_header_bracket() {
    if (!rest_.starts_with('[')) return false;
    if (read_open_pid()) return true;
    const auto end = rest_.find(']');
    if (end == std::string_view::npos) return false;
    const auto inside = rest_.substr(1, end - 1);
    const auto after = rest_.substr(end + 1);
    const bool ends = after.empty() || is_blank(after.front()) || after.front() == '[';
    const bool known = read_time(inside) || (ends && read_level(inside)) || read_ids(inside) || read_bare_ids(inside) ||
                       read_log_id(inside) || read_where_bracket(inside) || read_virtual_host(inside, after);
    if (known) rest_ = trim_left(after);
    return known;
  }

  bool read_time(std::string_view inside) {
    if (entry_.time || entry_.level != Level::none) return false;
    const auto time = consume_log_time(inside);
    if (!time || !inside.empty()) return false;
    entry_.time = time;
    return true;
  }

  // "core:error", ":emerg" and "-:emerg" (no module), "error" (2.2); "**core:error**" of a page.
  bool read_level(std::string_view inside) {
    if (entry_.level != Level::none) return false;
    while (inside.starts_with('*') && inside.ends_with('*') && inside.size() > 2)
      inside = inside.substr(1, inside.size() - 2);
    const auto colon = inside.rfind(':');
    const bool bare = colon == std::string_view::npos;
    const auto module = bare ? std::string_view() : std::string_view(inside.data(), colon);
    if (!bare) inside.remove_prefix(colon + 1);
    if (!is_module(module) || !set_level(entry_, inside)) return false;
    entry_.module = module == "-" ? std::string_view() : module;
    bare_level_ = bare;
    return true;
  }

  // "pid 11716", "pid 11716:tid 139836926555164", "tid 572"; also "pid ***", as people make logs anonymous.
  bool read_ids(std::string_view inside) {
    if (!entry_.pid && consume(inside, "pid ")) {
      entry_.pid = consume_number(inside);
      if (consume(inside, ":tid ")) entry_.tid = consume_thread(inside);
      return true;
    }
    if (entry_.tid || !consume(inside, "tid ")) return false;
    entry_.tid = consume_thread(inside);
    return entry_.tid && inside.empty();
  }

  // "812:140" of mod_jk.
  bool read_bare_ids(std::string_view inside) {
    if (!entry_.time || entry_.pid || entry_.level != Level::none) return false;
    const auto pid = consume_number(inside);
    if (!pid || !consume(inside, ":")) return false;
    const auto tid = consume_number(inside);
    if (!tid || !inside.empty()) return false;
    entry_.pid = pid;
    entry_.tid = tid;
    return true;
  }

  // "R:0oWQCnekd2Y", "C:P4aQCnekd2Y": the manual's example of formats with log ids.
  bool read_log_id(std::string_view inside) {
    const bool request = inside.starts_with("R:");
    if (!entry_.time || (!request && !inside.starts_with("C:"))) return false;
    auto& id = request ? entry_.request_id : entry_.connection_id;
    if (!id.empty() || !is_log_id(inside.substr(2))) return false;
    id = inside.substr(2);
    entry_.speaker = Speaker::client;
    return true;
  }

  // "[util_mutex.c(394):]", as ErrorLogFormat "[%F]" writes it.
  bool read_where_bracket(std::string_view inside) {
    if (inside.ends_with(':')) inside.remove_suffix(1);
    if (!entry_.where.empty() || !is_where(inside)) return false;
    entry_.where = inside;
    return true;
  }

  // "[www.example.com] ", before the level and in front of more of a header.
  bool read_virtual_host(std::string_view inside, std::string_view after) {
    if (entry_.level != Level::none || !entry_.virtual_host.empty()) return false;
    if (!trim_left(after).starts_with('[') || !contains(inside, ".") || !is_host(inside)) return false;
    entry_.virtual_host = inside;
    return true;
  }

  // "mod_proxy.c(1467): ", at level debug and finer.
  bool read_where() {
    constexpr std::size_t kLongest = 100;
    if (!entry_.where.empty()) return false;
    const auto end = rest_.substr(0, kLongest).find("): ");
    if (end == std::string_view::npos || !is_where(rest_.substr(0, end + 1))) return false;
    entry_.where = rest_.substr(0, end + 1);
    rest_ = trim_left(rest_.substr(end + 2));
    return true;
  }

  bool read_status() {
    if (entry_.status || !rest_.starts_with('(')) return false;
    entry_.status = consume_status(rest_);
    return entry_.status.has_value();
  }

  bool read_peer() {
    if (shows_peer_) return read_looked_peer();
    std::string_view after = rest_;
    if (!consume(after, "[client ") && !consume(after, "[remote ")) return false;
    const bool client = rest_.starts_with("[client ");
    const auto peer = consume_peer(after);
    if (peer.empty()) {
      // The manual's own format leaves "[client " where there is no client.
      if (client && entry_.header) rest_ = trim_left(after);
      return false;
    }
    entry_.peer = peer;
    entry_.speaker = client ? Speaker::client : Speaker::remote;
    rest_ = trim_left(after);
    return true;
  }

  // "203.0.113.9:4711] "; also what people write in its place, such as "ip address". Empty if it is none.
  static std::string_view consume_peer(std::string_view& text) {
    constexpr std::size_t kLongest = 80;
    const auto end = text.find(']', text.starts_with('[') ? text.find(']') + 1 : 0);
    if (end == std::string_view::npos || end > kLongest) return {};
    const auto peer = text.substr(0, end);
    if (contains(peer, ": ") || !code_at(peer).empty()) return {};
    text.remove_prefix(end + 1);
    return peer;
  }

  // "[remote 10.0.0.5:80] [client 203.0.113.9:4711] ". Behind a client, and behind mod_wsgi's remote, which is one,
  // a script speaks: there a second peer is its words.
  void read_second_peer() {
    std::string_view after = rest_;
    if (entry_.speaker != Speaker::remote || entry_.module == "wsgi" || !consume(after, "[client ")) return;
    const auto peer = consume_peer(after);
    if (!is_ip(split_address(peer).host)) return;
    entry_.remote = entry_.peer;
    entry_.peer = peer;
    entry_.speaker = Speaker::client;
    rest_ = trim_left(after);
  }

  // "127.0.0.1:50496 0oWQCnekd2Y ", "- - ": a format that many security guides give, "… [%-m:%-l] %-a %-L %M".
  void read_plain_ids() {
    if (entry_.level == Level::none || bare_level_ || entry_.pid || entry_.status || !entry_.time) return;
    const auto address = rest_.substr(0, rest_.find(' '));
    const auto after = address.size() < rest_.size() ? rest_.substr(address.size() + 1) : std::string_view();
    const auto id = after.substr(0, after.find(' '));
    const Address peer = split_address(address);
    const bool named = peer.port && is_ip(peer.host);
    if ((!named && address != "-") || (!is_log_id(id) && id != "-")) return;
    if (named) entry_.peer = address;
    if (id != "-") entry_.request_id = id;
    if (named || id != "-") entry_.speaker = Speaker::client;
    rest_ = trim_left(after.substr(id.size()));
  }

  void read_words() {
    if (looked_ != nullptr && looked_->by_client && entry_.speaker == Speaker::client) {
      if (looked_->has_referer()) split_referer(rest_.size() - looked_->referer_size - kReferer.size());
    } else if (entry_.speaker != Speaker::server) {
      if (const auto at = find_referer(rest_); at != std::string_view::npos) split_referer(at);
    }
    if (entry_.level == Level::none && entry_.speaker == Speaker::client && entry_.peer.empty()) return introduce();
    set_message(entry_, rest_);
    entry_.config = open_config_error(entry_);
    if (entry_.config && !entry_.status) entry_.status = status_at_end(entry_.config->body);
    entry_.truncated = (entry_.header || !entry_.code.empty() || entry_.status) && has_longest_size(entry_.text);
  }

  void split_referer(std::size_t at) {
    entry_.referer = rest_.substr(at + kReferer.size());
    rest_ = rest_.substr(0, at);
  }

  // "[2026-11-22 15:22:11.481230] [R:0oWQCnekd2Y] UA:'x'": it tells of the request, and a visitor wrote it.
  void introduce() {
    entry_.about = entry_.request_id.empty() ? About::connection : About::request;
    entry_.message = rest_;
  }

  static std::optional<std::int64_t> consume_thread(std::string_view& text) {
    const bool negative = consume(text, "-");
    const auto number = consume_number(text);
    return number && negative ? -*number : number;
  }

  Entry& entry_;
  std::string_view rest_;
  bool bare_level_ = false;
  const PlainLine* looked_ = nullptr;
  bool shows_peer_ = false;  // here
};

}  // namespace

Entry parse_entry(std::string_view text) {
  Entry entry;
  DefaultForm(text, entry).read();
  return entry;
}

Entry parse_plain(std::string_view line, const PlainLine& plain) {
  Entry entry;
  DefaultForm(line, entry).read_looked(plain);
  return entry;
}

}  // namespace ahdiag
