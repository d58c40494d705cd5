// How httpd is packaged on each platform: the facts that plans are made of.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "entry/errno.h"
#include "rules/head.h"
#include "rules/value.h"

namespace ahdiag {

// A text of a log that reveals its platform; weight 10 decides, 1 hints.
struct Sign {
  std::string text;
  int weight;
};

using Facts = std::map<std::string, Fact, std::less<>>;

// Symbolic links that a package brings: httpd names /etc/httpd/logs, but the directory is /var/log/httpd.
using Links = std::map<std::string, std::string, std::less<>>;
using Packages =
    std::map<std::string, std::string, std::less<>>;  // module -> package, where it is not part of httpd's own

// Another layout of the same platform, such as Apple's own httpd beside Homebrew's: what it changes.
struct Variant {
  std::string id;
  std::string name;
  std::vector<Sign> signs;
  Facts facts;
  Packages packages;
  Links links;
};

struct Platform {
  std::string id;
  std::string name;
  Abi abi = Abi::linux_;
  std::vector<Sign> signs;
  std::vector<std::string> systems;  // ID of /etc/os-release
  Facts facts;
  Packages packages;
  Links links;
  std::vector<Variant> variants;
};

struct Platforms {
  std::vector<FactSpec> specs;
  std::vector<Platform> list;  // "generic" is among them

  [[nodiscard]] const FactSpec* spec(std::string_view fact) const;
  [[nodiscard]] const Platform* find(std::string_view id) const;
  // The platform that a variant's id belongs to.
  [[nodiscard]] const Platform* find_home_of(std::string_view variant) const;
};

// The signs of all platforms and of their variants, those of one after another's.
std::vector<SignHead> signs_of(const Platforms& platforms);

}  // namespace ahdiag
