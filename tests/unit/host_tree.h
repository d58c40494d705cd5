// A directory made for one test, as the system that --root looks at.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "catch.h"
#include "host/host.h"

namespace ahdiag::test {

class TestTree {
 public:
  TestTree() {
    std::string name = (std::filesystem::temp_directory_path() / "ahdiag-tree-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    root_ = name;
    ::chmod(name.c_str(), 0755);
    keep_ = std::shared_ptr<void>(nullptr, [name](void*) { std::filesystem::remove_all(name); });
  }

  TestTree& file(const std::string& path, const std::string& text, unsigned mode = 0644) {
    std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
    ::chmod((root_ + path).c_str(), mode);
    return *this;
  }
  TestTree& directory(const std::string& path, unsigned mode = 0755) {
    std::filesystem::create_directories(root_ + path);
    ::chmod((root_ + path).c_str(), mode);
    return *this;
  }
  TestTree& link(const std::string& path, const std::string& target) {
    std::filesystem::create_directories(std::filesystem::path(root_ + path).parent_path());
    std::filesystem::create_symlink(target, root_ + path);
    return *this;
  }
  [[nodiscard]] Host host() const {
    auto opened = Host::open(root_);
    REQUIRE(std::holds_alternative<Host>(opened));
    return std::get<Host>(std::move(opened));
  }
  [[nodiscard]] const std::string& root() const { return root_; }

 private:
  std::string root_;
  std::shared_ptr<void> keep_;  // removes the directory with the last copy
};

}  // namespace ahdiag::test
