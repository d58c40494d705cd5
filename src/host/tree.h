// A file tree, looked at and never touched: this machine's, or one mounted below a directory. A path is walked
// component by component from the tree's own root, so that neither a link nor ".." leads out of it. What is looked at
// is opened with O_PATH only: no pipe, no device, no automount wakes up.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "text/problem.h"

namespace ahdiag {

// One entry of a POSIX ACL. Source: acl(5); the bytes of the xattr: Linux include/uapi/linux/posix_acl_xattr.h.
struct AclEntry {
  enum class Tag { owner, user, owning_group, group, mask, other };
  Tag tag = Tag::other;
  unsigned permissions = 0;  // 4 read, 2 write, 1 execute
  std::uint32_t id = 0;      // of user and group
};
std::vector<AclEntry> decode_acl(std::string_view bytes);

enum class FileType { file, directory, link, socket, pipe, device };
std::string_view type_name(FileType type);

// What stands at one step of a path.
struct Component {
  std::string path;  // in the tree, behind links: /var/run/x is /run/x
  FileType type = FileType::file;
  std::uint32_t owner = 0, group = 0;
  unsigned mode = 0;          // the lower twelve bits
  std::string target;         // of a link
  std::vector<AclEntry> acl;  // empty: the mode tells all
  std::string label;          // of SELinux; may be empty
  std::int64_t size = 0;
};

// The file system below the last component seen.
struct Space {
  bool read_only = false, no_exec = false;
  std::uint64_t free_bytes = 0, bytes = 0;  // free: to an ordinary user
  std::uint64_t free_inodes = 0, inodes = 0;
};

struct PathLook {
  enum class End { there, missing, not_a_directory, unseen };
  End end = End::unseen;
  std::string stop;                   // the first component that is missing, no directory, or could not be seen
  std::string why;                    // unseen: for people
  std::vector<Component> components;  // from "/" on, links too
  std::optional<Space> space;

  // The last component that is there, behind links. Always one but where nothing was seen.
  [[nodiscard]] const Component* last() const { return components.empty() ? nullptr : &components.back(); }
};

class Tree {
 public:
  // `root`: "/" or the directory that another system is mounted at.
  static std::variant<Tree, Problem> open(const std::string& root);

  [[nodiscard]] bool is_this_machine() const { return root_ == "/"; }
  [[nodiscard]] const std::string& root() const { return root_; }

  // An absolute path of the tree; what it finds at its end is followed if it is a link.
  [[nodiscard]] PathLook look(std::string_view path) const;
  // The text of a regular file of at most `most` bytes; else why not.
  [[nodiscard]] std::variant<std::string, Problem> read(std::string_view path, std::size_t most = kMostText) const;
  // The names in a directory, sorted, without "." and ".."; nothing where it cannot be read.
  [[nodiscard]] std::vector<std::string> list(std::string_view directory) const;

  static constexpr std::size_t kMostText = 1024 * 1024;

 private:
  struct Close {
    void operator()(const int* fd) const;
  };
  using Handle = std::shared_ptr<const int>;
  class Walk;

  Tree(std::string root, int fd);
  [[nodiscard]] Handle walk(std::string_view path, PathLook& look) const;
  [[nodiscard]] bool is_remote(const std::string& path) const { return remote_.contains(path); }
  [[nodiscard]] static Handle own(int fd);

  std::string root_;
  Handle handle_;
  std::set<std::string, std::less<>> remote_;  // where file systems are mounted that may never answer
};

}  // namespace ahdiag
