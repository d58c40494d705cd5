#include "diagnose/identities.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "diagnose/host_name.h"
#include "entry/address.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

using Kind = Identities::Kind;

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::address: return "address";
    case Kind::host: return "host";
    case Kind::user: return "user";
    case Kind::mail: return "mail";
    case Kind::query: return "query";
    case Kind::secret: return "secret";
  }
  return {};
}

struct Form {
  Kind kind;
  std::string_view expression;  // its first group is the part in question
};

// Where two forms meet, the one that begins first counts, then the longer one, then the upper one here.
constexpr auto kForms = std::to_array<Form>({
    {Kind::mail, R"(([\w.%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+))"},
    // addresses; what is none is sorted out by its value
    {Kind::address, R"((?:^|[^\w.])((?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?))"},
    {Kind::address, R"((\[[0-9A-Fa-f:.%]*:[0-9A-Fa-f:.%]*\](?::\d{1,5})?))"},
    {Kind::address, R"((?:^|[^\w:.])((?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}\.){3}\d{1,3}(?:%\w+)?))"},
    {Kind::address, R"((?:^|[^\w:.])([0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:%\w+)?(?::\d{1,5})?))"},
    {Kind::secret, R"((?:^|[^\w:-])((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})\b)"},  // of a network card
    // URLs
    {Kind::secret, R"(://([^/\s@"'<>]+)@)"},
    {Kind::host, R"(://(?:[^/\s@"'<>]*@)?(\[[^\]\s]+\](?::\d+)?|[^/:\s"'<>,()\[\]?#;|\\]+))"},
    {Kind::query, R"([^\s(?"'<>\\]\?([^\s"'<>?][^\s"'<>]*))"},
    // hosts
    {Kind::host, R"((?:^|[^\w.@-])(\w(?:[\w-]*\.)+[\w-]*\w))"},
    {Kind::host, R"(\[hostname "([^"]+)\")"},
    {Kind::host, R"((?i)\bhostname ([a-z0-9][\w.-]*) (?:provided|\())"},
    {Kind::host, R"(lookup failure for: ([\w.-]+))"},
    {Kind::host, R"(attempt to connect to \S+ \(([A-Za-z][\w.-]*)\))"},
    // users
    {Kind::user,
     R"((?i)\buser ['"`]?([^'"`]{1,64}?)['"]?(?:: authentication failure|: password mismatch| not found| in realm| does not meet| authentication failed| to access ))"},
    {Kind::user, R"((?i)\bfor user ['"`]?([^\s'"`@,;:()\[\]]+))"},
    {Kind::user, R"((?i)\b(?:r?user|user_?name|login|remote_user|acct|uid)=['"]?([a-z_][^\s'"&;,<>()\[\]]*))"},
    {Kind::user, R"((?i)\bcn=([^,\]/"=]+))"},
    {Kind::user, R"(/(?:home|Users)/([^/\s:'"<>?,;)\]]+))"},
    {Kind::user, R"(/~([A-Za-z_][\w.-]*))"},
    {Kind::user, R"(id: \(\d+/([A-Za-z_][\w.-]*)\))"},
    {Kind::user,
     R"(\b([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]* 0?[0-7]{3}\b)"},  // owner, group and mode, as --host tells them
    // secrets
    {Kind::secret,
     R"((?i)\b(?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key|authorization|set-cookie|cookie|jsessionid|phpsessid|session[_-]?id)["']?\s?[=:]\s?["']?((?:basic |bearer |digest |negotiate )?[^\s"'&;,<>)\]]+))"},
    {Kind::secret,
     R"((?i)\b[\w-]*(?:token|secret|passwo?r?d|session|sid|auth|api_?key|csrf|nonce|otp|signature)[\w-]*=["']?([^\s"'&;,<>)\]]+))"},
    {Kind::secret, R"((?i)\bkey=["']?([^\s"'&;,<>)\]]+))"},
    {Kind::secret, R"((?i)\b(?:bearer|basic|negotiate) ([\w+/.=-]*\d[\w+/.=-]*))"},
    {Kind::secret, R"(\b(eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?))"},
    {Kind::secret, R"((?i)\b([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b)"},
    {Kind::secret, R"(\b([0-9A-Fa-f]{32,})\b)"},
    {Kind::secret, R"(\[unique_id "([^"]+)\")"},
    {Kind::secret, R"(\b([A-Za-z0-9_-]{24,})\b)"},  // only what nobody would call a word
});

bool is_mixed(std::string_view text) {
  return std::ranges::any_of(text, is_digit) && std::ranges::any_of(text, is_upper) &&
         std::ranges::any_of(text, is_lower);
}

// An address of this machine or of none: it names nobody.
bool is_nobodys(std::string_view address) {
  return address.starts_with("127.") || address == "0.0.0.0" || address == "::" || address == "::1";
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && std::string_view(",.;:)]").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

bool is_border(std::string_view text, std::size_t at) {
  return at == 0 || at >= text.size() || !is_alnum(text[at - 1]) || !is_alnum(text[at]);
}

// Some forms find more than they look for.
bool is_meant(std::size_t form, std::string_view before, std::string_view part) {
  const Kind kind = kForms.at(form).kind;
  const bool any_word = form + 1 == kForms.size();
  if (any_word && !is_mixed(part)) return false;
  if (kind == Kind::mail) return !is_systemd_unit(part);  // "php-fpm@7.service"
  if (kind != Kind::host) return true;
  const bool any_name = kForms.at(form).expression.starts_with(R"((?:^|)");
  return !before.ends_with("balancer://") && (!any_name || is_host_name(part));  // that is a name of the configuration
}

}  // namespace

struct Identities::Found {
  std::size_t start, end;
  Key key;
};

struct Identities::Expressions {
  std::vector<std::pair<Kind, std::unique_ptr<re2::RE2>>> all;
};

Identities::Identities(std::set<std::string, std::less<>> own) : own_(std::move(own)) {
  own_.insert({"root", "nobody", "localhost", "localhost.localdomain", "*", "_default_", "YES", "NO", "yes", "no"});
  auto made = std::make_unique<Expressions>();
  re2::RE2::Options options(re2::RE2::Latin1);  // a log is bytes
  options.set_log_errors(false);
  for (const auto& form : kForms)
    made->all.emplace_back(form.kind, std::make_unique<re2::RE2>(
                                          re2::StringPiece(form.expression.data(), form.expression.size()), options));
  expressions_ = std::move(made);
}

Identities::Identities(Identities&&) noexcept = default;
Identities& Identities::operator=(Identities&&) noexcept = default;
Identities::~Identities() = default;

std::optional<Identities::Found> Identities::identity(Kind kind, std::string_view text, std::size_t start) const {
  const auto found = [&](Kind as, std::string_view shown, std::string key) {
    return std::optional<Found>({start, start + shown.size(), {as, std::move(key)}});
  };
  if (kind == Kind::address || kind == Kind::host) {
    std::string_view address = is_ip(text) ? text : split_address(text).host;
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    consume(address, "::ffff:");
    if (is_ip(address)) return is_nobodys(address) ? std::nullopt : found(Kind::address, text, lower(address));
    if (kind == Kind::address || address.empty() || own_.contains(address)) return std::nullopt;
    return found(Kind::host, text.substr(0, address.size()), lower(address));
  }
  if (kind == Kind::query) text = trim_end(text);
  if (text.empty()) return std::nullopt;
  const bool numeric = std::ranges::all_of(text, [](char c) { return is_digit(c) || c == '-'; });
  if (own_.contains(text) || (kind == Kind::user && numeric)) return std::nullopt;
  if (kind == Kind::user && is_host_name(text)) return found(Kind::host, text, lower(text));
  return found(kind, text, kind == Kind::query || kind == Kind::secret ? std::string(text) : lower(text));
}

void Identities::find_forms(std::string_view text, std::vector<Found>& all) const {
  const re2::StringPiece piece(text.data(), text.size());
  for (std::size_t i = 0; i < expressions_->all.size(); ++i) {
    const auto& [kind, expression] = expressions_->all[i];
    std::array<re2::StringPiece, 2> groups;
    for (std::size_t at = 0; expression->Match(piece, at, piece.size(), re2::RE2::UNANCHORED, groups.data(), 2);) {
      const std::string_view part(groups[1].data(), groups[1].size());
      const auto start = static_cast<std::size_t>(part.data() - text.data());
      at = std::max(at + 1, start + part.size());
      const auto before = text.substr(0, start);
      if (!is_meant(i, before, part)) continue;
      const bool peer = before.ends_with("client ") || before.ends_with("remote ");
      // httpd writes the port behind an address without brackets: there the last group of IPv6 is the port.
      auto one = identity(kind, peer ? split_address(part).host : part, start);
      if (!one) continue;
      if (peer) one->end = start + part.size();
      all.push_back(std::move(*one));
    }
  }
}

// Names learned elsewhere, as whole words.
void Identities::find_known(std::string_view text, std::vector<Found>& all) const {
  constexpr std::size_t kLongest = 64;
  if (words_.empty()) return;
  const std::string low = lower(text);
  for (std::size_t start = 0; start < text.size(); ++start) {
    if (!is_border(text, start)) continue;
    for (std::size_t size = std::min(kLongest, text.size() - start); size > 2; --size) {
      if (!is_border(text, start + size)) continue;
      const auto known = words_.find(std::string_view(low).substr(start, size));
      if (known == words_.end()) continue;
      all.push_back({start, start + size, known->second});
      break;
    }
  }
}

std::vector<Identities::Found> Identities::in_order(std::vector<Found> all) {
  std::vector<Found> kept;
  std::ranges::stable_sort(
      all, [](const Found& a, const Found& b) { return a.start != b.start ? a.start < b.start : a.end > b.end; });
  for (auto& one : all) {
    if (kept.empty() || one.start >= kept.back().end) kept.push_back(std::move(one));
  }
  return kept;
}

void Identities::name(const Key& key) {
  const auto [place, fresh] = names_.try_emplace(key);
  if (!fresh) return;
  place->second = std::string(kind_name(key.first)) + "-" + std::to_string(++counts_[key.first]);
  constexpr std::size_t kShortest = 3;
  const bool word = key.first == Kind::user || key.first == Kind::host || key.first == Kind::address;
  if (word && key.second.size() >= kShortest) words_.emplace(key.second, key);
}

void Identities::learn(std::string_view text) {
  std::vector<Found> found;
  find_forms(text, found);
  for (const auto& one : in_order(std::move(found))) name(one.key);
}

void Identities::learn(Kind kind, std::string_view whole) {
  if (const auto one = identity(kind, whole, 0)) name(one->key);
}

std::vector<Identities::Part> Identities::parts(std::string_view text) const {
  std::vector<Found> found;
  find_forms(text, found);
  find_known(text, found);
  std::vector<Part> all;
  for (const auto& one : in_order(std::move(found))) {
    const auto known = names_.find(one.key);
    all.push_back({one.start, one.end, known == names_.end() ? std::string(kind_name(one.key.first)) : known->second});
  }
  return all;
}

std::string Identities::applied(const std::vector<Part>& parts, std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (const auto& part : parts) {
    out += text.substr(at, part.start - at);
    out += part.instead;
    at = part.end;
  }
  return out += text.substr(at);
}

std::string Identities::replaced(Kind kind, std::string_view whole) const {
  const auto one = identity(kind, whole, 0);
  if (!one) return replaced(whole);
  const auto known = names_.find(one->key);
  return (known == names_.end() ? std::string(kind_name(kind)) : known->second) + std::string(whole.substr(one->end));
}

}  // namespace ahdiag
