#include "input/rotation.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "input/log_name.h"

namespace ahdiag {

namespace fs = std::filesystem;

std::vector<std::string> predecessors_of(const std::string& path, std::optional<Problem>& problem) {
  const fs::path log(path);
  const auto directory = log.has_parent_path() ? log.parent_path() : fs::path(".");
  std::map<std::string, std::string> by_age;
  std::error_code error;
  for (auto it = fs::directory_iterator(directory, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    const auto age = rotation_age(it->path().filename().string(), log.filename().string());
    if (!age) continue;
    auto& known = by_age[*age];
    const auto found = it->path().string();
    if (known.empty() || found.size() < known.size()) known = found;
  }
  if (error) {
    problem = Problem{"cannot look for rotated logs", directory.string(), error.message(),
                      "run as a user that may read the directory"};
  }
  std::vector<std::string> paths;
  for (auto& [age, found] : by_age) paths.push_back(std::move(found));
  return paths;
}

}  // namespace ahdiag
