#include "host/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "host/mounts.h"
#include "host/proc.h"
#include "text/ascii.h"
#include "text/utf8.h"

namespace ahdiag {
namespace {

constexpr std::size_t kMostComponents = 256;
constexpr std::size_t kMostLinks = 40;  // as the kernel
constexpr std::size_t kMostNames = 4096;

std::string message(int error) { return std::generic_category().message(error); }

// The object behind a handle that may neither be read nor written: by its name in /proc.
std::string name_of_handle(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

std::string attribute(int fd, const char* name) {
  std::array<char, 1024> bytes{};
  const ssize_t got = ::getxattr(name_of_handle(fd).c_str(), name, bytes.data(), bytes.size());
  return got <= 0 ? std::string() : std::string(bytes.data(), static_cast<std::size_t>(got));
}

// Not even the time of the last access is touched, where the system lets us leave it.
int open_to_read(int handle) {
  const std::string name = name_of_handle(handle);
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  const int fd = ::open(name.c_str(), kFlags | O_NOATIME);
  return fd >= 0 || errno != EPERM ? fd : ::open(name.c_str(), kFlags);
}

FileType type_of(mode_t mode) {
  if (S_ISDIR(mode)) return FileType::directory;
  if (S_ISLNK(mode)) return FileType::link;
  if (S_ISSOCK(mode)) return FileType::socket;
  if (S_ISFIFO(mode)) return FileType::pipe;
  return S_ISREG(mode) ? FileType::file : FileType::device;
}

// Empty on file systems that are no place of files, such as /proc, whose links lead anywhere.
std::optional<Space> space_of(int fd) {
  struct statfs about {};
  if (::fstatfs(fd, &about) != 0) return std::nullopt;
  const auto flags = static_cast<unsigned long>(about.f_flags);
  const auto block = static_cast<std::uint64_t>(about.f_frsize > 0 ? about.f_frsize : about.f_bsize);
  return Space{(flags & ST_RDONLY) != 0,
               (flags & ST_NOEXEC) != 0,
               about.f_bavail * block,
               about.f_blocks * block,
               about.f_ffree,
               about.f_files};
}

bool is_proc(int fd) {
  struct statfs about {};
  return ::fstatfs(fd, &about) == 0 && about.f_type == PROC_SUPER_MAGIC;
}

std::string target_of(int fd) {
  std::array<char, 4096> bytes{};
  const ssize_t got = ::readlinkat(fd, "", bytes.data(), bytes.size());
  return got <= 0 ? std::string() : std::string(bytes.data(), static_cast<std::size_t>(got));
}

std::optional<Component> component_of(int fd, std::string path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return std::nullopt;
  Component one;
  one.path = std::move(path);
  one.type = type_of(status.st_mode);
  one.owner = status.st_uid;
  one.group = status.st_gid;
  one.mode = status.st_mode & 07777U;
  one.size = status.st_size;
  if (one.type == FileType::link) {
    one.target = target_of(fd);
  } else {
    one.acl = decode_acl(attribute(fd, "system.posix_acl_access"));
    one.label = attribute(fd, "security.selinux");
    while (one.label.ends_with('\0')) one.label.pop_back();
  }
  return one;
}

// The components of a path, the last first, on top of those that are still to go.
void push_components(std::string_view path, std::vector<std::string>& rest) {
  const auto parts = split(path, '/');
  std::for_each(parts.rbegin(), parts.rend(), [&rest](std::string_view part) {
    if (!part.empty() && part != ".") rest.emplace_back(part);
  });
}

}  // namespace

std::string_view type_name(FileType type) {
  static constexpr std::array<std::string_view, 6> kNames = {"file", "directory", "link", "socket", "pipe", "device"};
  return kNames.at(static_cast<std::size_t>(type));
}

void Tree::Close::operator()(const int* fd) const {
  ::close(*fd);
  delete fd;  // NOLINT(cppcoreguidelines-owning-memory): the deleter
}

Tree::Handle Tree::own(int fd) { return fd < 0 ? Handle() : Handle(new int(fd), Close()); }

Tree::Tree(std::string root, int fd) : root_(std::move(root)), handle_(own(fd)), remote_(remote_mounts(root_)) {}

std::variant<Tree, Problem> Tree::open(const std::string& root) {
  char* real = ::realpath(root.c_str(), nullptr);
  const int fd = real == nullptr ? -1 : ::open(real, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    Problem problem{"cannot look at the tree", root, message(errno), "name the directory where the system is mounted"};
    std::free(real);  // NOLINT: realpath's own
    return problem;
  }
  Tree tree(real, fd);
  std::free(real);  // NOLINT: realpath's own
  return tree;
}

// The way so far: a handle for each directory from the root on, so that ".." needs no trust in names.
class Tree::Walk {
 public:
  Walk(const Tree& tree, std::string_view path, PathLook& look) : tree_(tree), look_(look), way_{{"/", tree.handle_}} {
    if (auto root = component_of(*tree.handle_, "/")) look_.components.push_back(std::move(*root));
    push_components(path, rest_);
  }

  // The end of the path, or nothing: then the look says where and why.
  Handle go(std::string_view path) {
    for (std::size_t steps = 1; !rest_.empty(); ++steps) {
      const std::string name = std::move(rest_.back());
      rest_.pop_back();
      if (steps > kMostComponents) {
        stop(End::unseen, std::string(path), "the path is too long");
        return {};
      }
      if (name != ".." && !enter(name)) return {};
      if (name == ".." && way_.size() > 1) way_.pop_back();
    }
    look_.end = End::there;
    return reached();
  }

 private:
  using End = PathLook::End;

  bool stop(End end, std::string where, std::string why) {
    look_.end = end;
    look_.stop = std::move(where);
    look_.why = std::move(why);
    return false;
  }

  bool enter(const std::string& name) {
    const auto& [parent, handle] = way_.back();
    const std::string at = (parent == "/" ? "" : parent) + "/" + name;
    if (tree_.is_remote(at))
      return stop(End::unseen, at, "a network file system or an automount: it might never answer");
    Handle next = own(::openat(*handle, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!next && errno == ENOENT) return stop(End::missing, at, "");
    if (!next && errno == ENOTDIR) return stop(End::not_a_directory, parent, "");
    if (!next) return stop(End::unseen, at, message(errno));
    if (is_proc(*next)) return stop(End::unseen, at, "the kernel's own view of processes is not followed");
    auto one = component_of(*next, at);
    if (!one) return stop(End::unseen, at, message(errno));
    look_.components.push_back(*one);
    if (one->type == FileType::link) return follow(*one);
    if (one->type != FileType::directory && !rest_.empty()) return stop(End::not_a_directory, at, "");
    way_.emplace_back(at, std::move(next));
    return true;
  }

  bool follow(const Component& link) {
    if (++links_ > kMostLinks) return stop(End::unseen, link.path, "too many links in a row");
    if (link.target.starts_with('/')) way_.resize(1);
    push_components(link.target, rest_);
    return true;
  }

  // Behind "..", the last one seen is not the last one reached.
  Handle reached() {
    const auto& [path, handle] = way_.back();
    if (look_.components.empty() || look_.components.back().path != path) {
      if (auto one = component_of(*handle, path)) look_.components.push_back(*one);
    }
    return handle;
  }

  const Tree& tree_;
  PathLook& look_;
  std::vector<std::pair<std::string, Handle>> way_;
  std::vector<std::string> rest_;
  std::size_t links_ = 0;
};

Tree::Handle Tree::walk(std::string_view path, PathLook& look) const { return Walk(*this, path, look).go(path); }

PathLook Tree::look(std::string_view path) const {
  PathLook look;
  const Handle end = walk(path, look);
  const Component* last = look.last();
  if (!end && (last == nullptr || look.end == PathLook::End::unseen)) return look;
  PathLook parent;
  const Handle handle = end ? end : walk(last->path, parent);
  if (handle && is_this_machine()) look.space = space_of(*handle);
  return look;
}

std::variant<std::string, Problem> Tree::read(std::string_view path, std::size_t most) const {
  const auto problem = [&](std::string why) { return Problem{"cannot read", printable(path), std::move(why), ""}; };
  PathLook seen;
  const Handle handle = walk(path, seen);
  if (seen.end == PathLook::End::missing) return problem(seen.stop + " does not exist");
  if (!handle) return problem(seen.why.empty() ? "a component is no directory" : seen.why);
  if (seen.last()->type != FileType::file) return problem("it is no file");
  const Handle file = own(open_to_read(*handle));
  if (!file) return problem(message(errno));
  std::string text;
  std::array<char, 16384> block{};
  for (;;) {
    const ssize_t got = ::read(*file, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return problem(message(errno));
    if (got == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > most) return problem("it is larger than such a file is");
  }
}

std::vector<std::string> Tree::list(std::string_view directory) const {
  PathLook seen;
  const Handle handle = walk(directory, seen);
  if (!handle || seen.last()->type != FileType::directory) return {};
  return names_in(name_of_handle(*handle), kMostNames);
}

std::vector<AclEntry> decode_acl(std::string_view bytes) {
  constexpr std::size_t kHeader = 4, kEntry = 8;
  const auto number = [&](std::size_t at, std::size_t length) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i)
      value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);  // little endian
    return value;
  };
  std::vector<AclEntry> acl;
  if (bytes.size() < kHeader || number(0, 4) != 2) return acl;
  for (std::size_t at = kHeader; at + kEntry <= bytes.size(); at += kEntry) {
    using Tag = AclEntry::Tag;
    Tag tag = Tag::other;
    switch (number(at, 2)) {
      case 0x01: tag = Tag::owner; break;
      case 0x02: tag = Tag::user; break;
      case 0x04: tag = Tag::owning_group; break;
      case 0x08: tag = Tag::group; break;
      case 0x10: tag = Tag::mask; break;
      default: break;
    }
    acl.push_back({tag, number(at + 2, 2) & 7U, number(at + 4, 4)});
  }
  return acl;
}

}  // namespace ahdiag
