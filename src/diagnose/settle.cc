#include "diagnose/settle.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "input/clock.h"
#include "text/path.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kMicros = 1'000'000;  // a second

Sighting over_limit() { return {std::nullopt, "not looked at: this report has asked for enough looks"}; }

// The arguments of a look with their holes filled: by accepted slots and facts, never by a refused text.
class Asked {
 public:
  Asked(const Look& look, const Scope& scope) : look_(look), scope_(scope) {}

  // Why it cannot be asked, or nothing.
  [[nodiscard]] std::optional<std::string> obstacle() const {
    for (const auto& [name, texts] : look_.arguments) {
      for (const auto& text : texts) {
        for (const auto& part : text.parts()) {
          if (!part.hole || scope_.slot(part.text) != nullptr) continue;
          if (const Refused* refused = scope_.refused(part.text))
            return "not looked at '" + refused->logged + "': " + refused->why;
          if (scope_.fact(part.text) == nullptr) return "not looked at: nothing tells '" + part.text + "'";
        }
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string one(std::string_view name, std::string_view fallback = {}) const {
    const auto found = look_.arguments.find(name);
    return found == look_.arguments.end() || found->second.empty() ? std::string(fallback)
                                                                   : fill(found->second.front());
  }

  [[nodiscard]] std::vector<std::string> all(std::string_view name) const {
    std::vector<std::string> values;
    const auto found = look_.arguments.find(name);
    if (found == look_.arguments.end()) return values;
    for (const auto& text : found->second) values.push_back(fill(text));
    return values;
  }

  [[nodiscard]] std::string fact(std::string_view name, std::string_view fallback = {}) const {
    const Fact* fact = scope_.fact(name);
    return fact == nullptr ? std::string(fallback) : fact->value();
  }

 private:
  [[nodiscard]] std::string fill(const Template& text) const {
    std::string value;
    for (const auto& part : text.parts()) {
      const Slot* slot = part.hole ? scope_.slot(part.text) : nullptr;
      value += !part.hole ? part.text : slot != nullptr ? slot->value() : fact(part.text);
    }
    return value;
  }

  const Look& look_;
  const Scope& scope_;
};

Sighting see(Look::Kind kind, const Asked& asked, const Host& host) {
  using Kind = Look::Kind;
  const std::string user = asked.one("user", asked.fact("user", "root"));
  const std::string path = asked.one("path");
  const std::string command(name_of(asked.fact("binary", "httpd")));
  switch (kind) {
    case Kind::missing: return is_missing(host, path);
    case Kind::missing_or_empty: return is_missing_or_empty(host, path);
    case Kind::exists: return exists(host, path, asked.one("type"));
    case Kind::refuses: return refuses(host, path, user, asked.one("to", "search"));
    case Kind::read_only: return is_read_only(host, path, asked.fact("service"));
    case Kind::full: return is_full(host, path);
    case Kind::label: return has_label(host, path, asked.one("type"));
    case Kind::made_at_boot: return is_made_at_boot(host, path);
    case Kind::stale_pid: return is_stale_pid(host, path, command);
    case Kind::held: return is_held(host, asked.one("port"));
    case Kind::local: return is_local_address(host, asked.one("address"));
    case Kind::no_semaphores: return lacks_semaphores(host, user);
    case Kind::no_segments: return lacks_segments(host, user);
    case Kind::no_handles: return lacks_handles(host, asked.one("command", command));
    case Kind::no_tasks: return lacks_tasks(host, asked.one("command", command));
    case Kind::selinux: return has_selinux(host, asked.one("mode"));
    case Kind::boolean: return has_boolean(host, asked.one("name"), asked.one("value"));
    case Kind::no_user: return lacks_user(host, asked.one("name"));
    case Kind::no_group: return lacks_group(host, asked.one("name"));
    case Kind::listed_twice: return listens_twice(host, asked.one("port"));
    case Kind::loads: return loads_module(host, asked.one("module"));
    case Kind::unit_sets: return unit_sets(host, asked.one("service", asked.fact("service")), asked.all("settings"));
    case Kind::expired: return is_expired(host, asked.one("certificate"), now_micros() / kMicros);
    case Kind::mismatch: return is_mismatch(host, asked.one("certificate"), asked.one("key"));
    case Kind::named: return is_named(host, asked.one("certificate"), asked.one("name"));
  }
  return {};
}

Sighting see(const Look& look, const Scope& scope, Host& host) {
  if (!host.may_look()) return over_limit();
  const Asked asked(look, scope);
  if (auto obstacle = asked.obstacle()) return {std::nullopt, std::move(*obstacle)};
  Sighting sighting = see(look.kind, asked, host);
  if (look.negated && sighting.holds) sighting.holds = !*sighting.holds;
  return sighting;
}

// Of a directory that a boot empties: whether the boot makes it again.
std::optional<Sighting> see_boot(const Look& look, const Sighting& sighting, const Scope& scope, const Host& host) {
  if (look.kind != Look::Kind::missing || look.negated || !sighting.holds.value_or(false)) return std::nullopt;
  const std::string path = Asked(look, scope).one("path");
  if (!is_volatile(path)) return std::nullopt;
  return Sighting{std::nullopt, is_made_at_boot(host, path).text};
}

void judge(Candidate& one, const Scope& scope, Host& host) {
  bool all = !one.cause->confirm.empty(), against = false;
  for (const auto& look : one.cause->confirm) {
    Sighting sighting = see(look, scope, host);
    all = all && sighting.holds.value_or(false);
    against = against || !sighting.holds.value_or(true);
    auto boot = see_boot(look, sighting, scope, host);
    one.sightings.push_back(std::move(sighting));
    if (boot) one.sightings.push_back(std::move(*boot));
  }
  for (const auto& look : one.cause->refute) {
    Sighting sighting = see(look, scope, host);
    if (!sighting.holds.value_or(false)) continue;  // proves nothing
    against = true;
    sighting.holds = false;
    one.sightings.push_back(std::move(sighting));
  }
  one.verdict = against ? HostVerdict::refuted : all ? HostVerdict::confirmed : HostVerdict::open;
}

}  // namespace

std::string_view verdict_name(HostVerdict verdict) {
  static constexpr std::array<std::string_view, 3> kNames = {"open", "confirmed", "refuted"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

void settle(std::vector<Candidate>& candidates, const Scope& scope, Host& host) {
  for (auto& one : candidates) {
    judge(one, scope, host);
    if (one.verdict == HostVerdict::confirmed) one.certainty = Certainty::certain;
    if (one.verdict == HostVerdict::refuted) one.certainty = Certainty::possible;
  }
  const auto rank = [](const Candidate& one) {
    return one.verdict == HostVerdict::confirmed ? 0 : one.verdict == HostVerdict::open ? 1 : 2;
  };
  std::ranges::stable_sort(candidates, {}, rank);
}

std::vector<Sighting> sightings_of_subject(const Rule& rule, const Scope& scope, Host& host) {
  const Slot* slot = scope.slot(rule.subject);
  if (slot == nullptr || !host.may_look()) return {};
  if (slot->type() == SlotType::path) return {{std::nullopt, tell_path(host, slot->value())}};
  if (slot->type() == SlotType::port) return {is_held(host, slot->value())};
  if (slot->type() == SlotType::address) return {is_held(host, slot->value().substr(slot->value().rfind(':') + 1))};
  return {};
}

}  // namespace ahdiag
