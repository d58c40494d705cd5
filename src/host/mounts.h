#pragma once

#include <functional>
#include <set>
#include <string>

namespace ahdiag {

// Where file systems are mounted below `root` that wait for another machine (NFS, SMB …) or for a first use (autofs):
// as paths of that tree.
std::set<std::string, std::less<>> remote_mounts(const std::string& root);

}  // namespace ahdiag
