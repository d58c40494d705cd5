#include "host/mounts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "host/proc.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

bool is_remote(std::string_view type) {
  static constexpr std::array<std::string_view, 12> kTypes = {"nfs",   "nfs4",       "cifs",      "smb3",
                                                              "smbfs", "ncpfs",      "afs",       "autofs",
                                                              "ceph",  "fuse.sshfs", "fuse.s3fs", "fuse.glusterfs"};
  return std::ranges::find(kTypes, type) != kTypes.end();
}

// "\040" is a blank. Source: proc(5), mountinfo.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '7' ? text[at] - '0' : -1; };
    const bool octal =
        text[i] == '\\' && i + 3 < text.size() && digit(i + 1) >= 0 && digit(i + 2) >= 0 && digit(i + 3) >= 0;
    if (octal) {
      out += static_cast<char>(digit(i + 1) * 64 + digit(i + 2) * 8 + digit(i + 3));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

std::set<std::string, std::less<>> remote_mounts(const std::string& root) {
  std::set<std::string, std::less<>> found;
  const auto table = read_kernel_file("/proc/self/mountinfo");
  if (!table) return found;
  for (const auto line : split(*table, '\n')) {
    const auto words = split(line, ' ');
    const auto dash = std::ranges::find(words, std::string_view("-"));
    if (words.size() < 7 || dash == words.end() || dash + 1 == words.end()) continue;
    std::string path = unescape(words[4]);
    if (root != "/") {
      if (!path.starts_with(root + "/")) continue;
      path.erase(0, root.size());
    }
    // A later mount lies over an earlier one: an automount that has been used is what was mounted there.
    if (is_remote(*(dash + 1))) {
      found.insert(std::move(path));
    } else {
      found.erase(path);
    }
  }
  return found;
}

}  // namespace ahdiag
