#include "host/host.h"

namespace ahdiag {

std::variant<Host, Problem> Host::open(const std::string& root) {
  auto tree = Tree::open(root);
  if (auto* problem = std::get_if<Problem>(&tree)) return std::move(*problem);
  return Host(std::get<Tree>(std::move(tree)));
}

void Host::read_configuration(const std::string& file, const std::string& server_root, const std::string& envvars) {
  Variables variables;
  if (!envvars.empty()) {
    const auto read = tree_.read(envvars);
    if (const auto* text = std::get_if<std::string>(&read)) variables = read_envvars(*text);
  }
  config_ = read_httpd_config(tree_, file, server_root, variables);
}

bool Host::may_look() {
  constexpr std::size_t kMostLooks = 2000;
  constexpr auto kLongest = std::chrono::seconds(5);
  return ++looks_ <= kMostLooks && Clock::now() - begin_ < kLongest;
}

}  // namespace ahdiag
