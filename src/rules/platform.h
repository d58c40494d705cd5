// How httpd is packaged on each platform: the facts that plans are made of.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "entry/errno.h"
#include "rules/value.h"

namespace ahdiag {

// A text of a log that reveals its platform; weight 10 decides, 1 hints.
struct Sign {
  std::string text;
  int weight;
};

using Facts = std::map<std::string, Fact, std::less<>>;

struct Platform {
  std::string id;
  std::string name;
  Abi abi = Abi::linux_;
  std::vector<Sign> signs;
  Facts facts;
  std::map<std::string, std::string, std::less<>> packages;  // module -> package, where it is not part of httpd's own
};

struct Platforms {
  std::vector<FactSpec> specs;
  std::vector<Platform> list;  // "generic" is among them

  [[nodiscard]] const FactSpec* spec(std::string_view fact) const;
  [[nodiscard]] const Platform* find(std::string_view id) const;
};

}  // namespace ahdiag
