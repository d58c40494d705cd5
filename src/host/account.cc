#include "host/account.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/types.h>

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::size_t kNameBuffer = 64 * 1024;

std::string table_of(const Tree& tree, std::string_view path) {
  auto read = tree.read(path);
  auto* text = std::get_if<std::string>(&read);
  return text == nullptr ? std::string() : std::move(*text);
}

std::optional<std::uint32_t> to_id(std::string_view text) {
  const auto number = to_number(text);
  if (!number || *number < 0 || *number > 0xffffffffLL) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

template <typename Rows>
auto find_name(const Rows& rows, const std::string& name) {
  return std::ranges::find_if(rows, [&](const auto& row) { return row.name == name; });
}

bool is_member(const Account& account, std::uint32_t group) {
  return account.group == group || std::ranges::find(account.groups, group) != account.groups.end();
}

// The bits of the one entry that decides, or of all groups together: any that allows is enough.
bool acl_permits(const std::vector<AclEntry>& acl, const Component& object, const Account& account, unsigned access) {
  using Tag = AclEntry::Tag;
  unsigned mask = 7;
  for (const auto& entry : acl) {
    if (entry.tag == Tag::mask) mask = entry.permissions;
  }
  const auto has = [&](unsigned permissions) { return (permissions & access) == access; };
  for (const auto& entry : acl) {
    if (entry.tag == Tag::owner && account.user == object.owner) return has(entry.permissions);
  }
  for (const auto& entry : acl) {
    if (entry.tag == Tag::user && entry.id == account.user) return has(entry.permissions & mask);
  }
  bool member = false;
  for (const auto& entry : acl) {
    const bool mine = (entry.tag == Tag::owning_group && is_member(account, object.group)) ||
                      (entry.tag == Tag::group && is_member(account, entry.id));
    member = member || mine;
    if (mine && has(entry.permissions & mask)) return true;
  }
  if (member) return false;
  return std::ranges::any_of(acl,
                             [&](const AclEntry& entry) { return entry.tag == Tag::other && has(entry.permissions); });
}

std::string letters(unsigned bits) {
  return {(bits & 4U) != 0 ? 'r' : '-', (bits & 2U) != 0 ? 'w' : '-', (bits & 1U) != 0 ? 'x' : '-'};
}

std::string describe(const AclEntry& entry, const Accounts& accounts) {
  using Tag = AclEntry::Tag;
  switch (entry.tag) {
    case Tag::user: return fmt::format(", user {} {}", accounts.user_name(entry.id), letters(entry.permissions));
    case Tag::group: return fmt::format(", group {} {}", accounts.group_name(entry.id), letters(entry.permissions));
    case Tag::mask: return ", mask " + letters(entry.permissions);
    default: return {};
  }
}

}  // namespace

Accounts::Accounts(const Tree& tree) : live_(tree.is_this_machine()) {
  if (live_) return;
  const std::string passwd = table_of(tree, "/etc/passwd");
  for (const auto line : split(passwd, '\n')) {
    const auto fields = split(line, ':');
    const auto id = fields.size() >= 4 ? to_id(fields[2]) : std::nullopt;
    const auto group = id ? to_id(fields[3]) : std::nullopt;
    if (group) users_.push_back({std::string(fields[0]), *id, *group, {}});
  }
  const std::string group_table = table_of(tree, "/etc/group");
  for (const auto line : split(group_table, '\n')) {
    const auto fields = split(line, ':');
    const auto id = fields.size() >= 4 ? to_id(fields[2]) : std::nullopt;
    if (!id) continue;
    Row row{std::string(fields[0]), *id, 0, {}};
    for (const auto member : split(fields[3], ',')) row.members.emplace_back(member);
    groups_.push_back(std::move(row));
  }
}

std::optional<Account> Accounts::user_of_file(const std::string& name) const {
  const auto row = find_name(users_, name);
  if (row == users_.end()) return std::nullopt;
  Account account{row->name, row->id, row->group, {}};
  for (const auto& group : groups_) {
    if (std::ranges::find(group.members, name) != group.members.end()) account.groups.push_back(group.id);
  }
  return account;
}

std::optional<Account> Accounts::user(const std::string& name) const {
  if (!live_) return user_of_file(name);
  std::vector<char> buffer(kNameBuffer);
  passwd row{};
  passwd* found = nullptr;
  if (::getpwnam_r(name.c_str(), &row, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  std::array<gid_t, 1024> groups{};
  int count = static_cast<int>(groups.size());
  if (::getgrouplist(name.c_str(), row.pw_gid, groups.data(), &count) < 0) count = static_cast<int>(groups.size());
  return Account{name, row.pw_uid, row.pw_gid, {groups.begin(), groups.begin() + count}};
}

std::optional<std::uint32_t> Accounts::group(const std::string& name) const {
  if (!live_) {
    const auto row = find_name(groups_, name);
    return row == groups_.end() ? std::nullopt : std::optional(row->id);
  }
  std::vector<char> buffer(kNameBuffer);
  ::group row{};
  ::group* found = nullptr;
  if (::getgrnam_r(name.c_str(), &row, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  return row.gr_gid;
}

std::string Accounts::user_name(std::uint32_t id) const {
  if (!live_) {
    const auto row = std::ranges::find_if(users_, [&](const Row& one) { return one.id == id; });
    return row == users_.end() ? std::to_string(id) : row->name;
  }
  std::vector<char> buffer(kNameBuffer);
  passwd row{};
  passwd* found = nullptr;
  const bool known = ::getpwuid_r(id, &row, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return known ? std::string(row.pw_name) : std::to_string(id);
}

std::string Accounts::group_name(std::uint32_t id) const {
  if (!live_) {
    const auto row = std::ranges::find_if(groups_, [&](const Row& one) { return one.id == id; });
    return row == groups_.end() ? std::to_string(id) : row->name;
  }
  std::vector<char> buffer(kNameBuffer);
  ::group row{};
  ::group* found = nullptr;
  const bool known = ::getgrgid_r(id, &row, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return known ? std::string(row.gr_name) : std::to_string(id);
}

bool permits(const Component& object, const Account& account, unsigned access) {
  if (account.user == 0) {
    const bool runs_a_file = (access & kExecute) != 0 && object.type == FileType::file;
    return !runs_a_file || (object.mode & 0111U) != 0;
  }
  if (!object.acl.empty()) return acl_permits(object.acl, object, account, access);
  unsigned bits = object.mode;
  if (account.user == object.owner) {
    bits >>= 6U;
  } else if (is_member(account, object.group)) {
    bits >>= 3U;
  }
  return (bits & access) == access;
}

std::optional<Barrier> barrier(const PathLook& look, const Account& account, unsigned access) {
  for (const auto& one : look.components) {
    if (one.type == FileType::link) continue;
    const bool end = &one == look.last() && look.end == PathLook::End::there;
    const unsigned needed = end ? access : unsigned{kExecute};
    if (!permits(one, account, needed)) return Barrier{&one, needed};
  }
  return std::nullopt;
}

std::string describe(const Component& object, const Accounts& accounts) {
  constexpr std::string_view kTypes = "-dlspc";
  std::string text(1, kTypes[static_cast<std::size_t>(object.type)]);
  for (const unsigned shift : {6U, 3U, 0U}) text += letters(object.mode >> shift);
  if (!object.acl.empty()) text += '+';
  text += fmt::format(" {}:{}", accounts.user_name(object.owner), accounts.group_name(object.group));
  for (const auto& entry : object.acl) text += describe(entry, accounts);
  return text;
}

}  // namespace ahdiag
