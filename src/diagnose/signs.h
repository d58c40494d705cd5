// The platform, inferred from the log's own words, and the facts that follow.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "diagnose/machine.h"
#include "rules/platform.h"
#include "rules/sign_table.h"
#include "text/problem.h"

namespace ahdiag {

// Remembers which signs of which platform a log has shown.
class Signs {
 public:
  explicit Signs(SignTable table) : table_(std::move(table)), seen_(table_.signs().size()) {}
  explicit Signs(const Platforms& platforms) : Signs(SignTable(platforms)) {}

  void observe(std::string_view text);
  // The unit of "Loaded: loaded (/usr/lib/systemd/system/httpd.service; …" and "httpd.service: …".
  void observe_unit(std::string_view text);

  struct Verdict {
    std::string id;  // of the platform or variant; empty: the log shows none
    std::vector<std::string> evidence;
  };
  [[nodiscard]] Verdict platform() const;
  [[nodiscard]] Verdict variant_of(const Platform& platform) const;
  [[nodiscard]] const std::string& unit() const { return unit_; }

 private:
  template <typename Fits>
  [[nodiscard]] Verdict heaviest(Fits fits) const;

  SignTable table_;
  std::vector<bool> seen_;
  std::string unit_;
};

// What plans are made for: a platform and its facts, with what the log and the options say about them.
struct Setting {
  std::string platform = "generic";
  std::string variant;
  std::string source = "default";  // option, host, log, default
  std::vector<std::string> evidence;
  Abi abi = Abi::linux_;
  const Platforms* platforms = nullptr;
  Facts facts;
  Packages packages;
  Links links;
};

struct SettingOptions {
  std::string platform;                      // --platform, or empty
  std::map<std::string, std::string> facts;  // --fact
  std::string persist;                       // --persist, or empty
  const Machine* machine = nullptr;          // --host
};

Setting choose_setting(const Platforms& platforms, const Signs& signs, const SettingOptions& options,
                       Problems& problems);

}  // namespace ahdiag
