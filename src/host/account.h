// Users and groups, and what modes and ACLs let them do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/tree.h"

namespace ahdiag {

struct Account {
  std::string name;
  std::uint32_t user = 0, group = 0;
  std::vector<std::uint32_t> groups;  // the others that it is a member of
};

// Of this machine by its name service, as httpd itself asks; of a mounted tree by its /etc/passwd and /etc/group.
class Accounts {
 public:
  explicit Accounts(const Tree& tree);

  [[nodiscard]] std::optional<Account> user(const std::string& name) const;
  [[nodiscard]] std::optional<std::uint32_t> group(const std::string& name) const;
  // "apache", or "48" where no account has that number.
  [[nodiscard]] std::string user_name(std::uint32_t id) const;
  [[nodiscard]] std::string group_name(std::uint32_t id) const;

 private:
  struct Row {
    std::string name;
    std::uint32_t id = 0, group = 0;
    std::vector<std::string> members;
  };
  [[nodiscard]] std::optional<Account> user_of_file(const std::string& name) const;

  bool live_;
  std::vector<Row> users_, groups_;  // of a mounted tree
};

enum Access : unsigned { kExecute = 1, kWrite = 2, kRead = 4 };

// What the kernel's own algorithm allows. Source: acl(5), "ACCESS CHECK ALGORITHM"; capabilities(7), CAP_DAC_OVERRIDE.
bool permits(const Component& object, const Account& account, unsigned access);

// The first component of a path that keeps the account out: a directory that may not be searched, or the end itself.
struct Barrier {
  const Component* where;
  unsigned access;  // what it lacks
};
std::optional<Barrier> barrier(const PathLook& look, const Account& account, unsigned access);

// "drwxr-x--- root:adm", with "+" and the ACL where there is one.
std::string describe(const Component& object, const Accounts& accounts);

}  // namespace ahdiag
