// Whom a log names. Each address, host, person and secret gets a name of its own: equal ones the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ahdiag {

class Identities {
 public:
  enum class Kind { address, host, user, mail, query, secret };

  // `own`: accounts and names that are the server's own, such as apache and root; they stay.
  explicit Identities(std::set<std::string, std::less<>> own);
  Identities(Identities&&) noexcept;
  Identities& operator=(Identities&&) noexcept;
  Identities(const Identities&) = delete;
  Identities& operator=(const Identities&) = delete;
  ~Identities();

  // Gives names to all whom the text shows by its form: an address, a URL, "user alice not found", /home/alice.
  void learn(std::string_view text);
  // The same for a text that is known to be nothing else: an address or host, with or without a port, or a user.
  void learn(Kind kind, std::string_view whole);

  // What stands for a part of a text: "address-1", "host-2", "user-3", "mail-1", "query-1", "secret-1".
  struct Part {
    std::size_t start, end;  // bytes
    std::string instead;
  };
  // In order, without overlap. Names that were learned from one text are found in all others.
  [[nodiscard]] std::vector<Part> parts(std::string_view text) const;
  [[nodiscard]] static std::string applied(const std::vector<Part>& parts, std::string_view text);
  [[nodiscard]] std::string replaced(std::string_view text) const { return applied(parts(text), text); }
  // The text that is known to be nothing else: its name, or the text where it is the server's own.
  [[nodiscard]] std::string replaced(Kind kind, std::string_view whole) const;

 private:
  struct Found;
  struct Expressions;
  using Key = std::pair<Kind, std::string>;

  // In order, without overlap.
  [[nodiscard]] static std::vector<Found> in_order(std::vector<Found> all);
  void find_forms(std::string_view text, std::vector<Found>& all) const;
  void find_known(std::string_view text, std::vector<Found>& all) const;
  [[nodiscard]] std::optional<Found> identity(Kind kind, std::string_view text, std::size_t start) const;
  void name(const Key& key);

  std::set<std::string, std::less<>> own_;
  std::map<Key, std::string> names_;
  std::map<std::string, Key, std::less<>> words_;  // that are looked for in any text
  std::map<Kind, std::size_t> counts_;
  std::unique_ptr<const Expressions> expressions_;
};

}  // namespace ahdiag
