#include "diagnose/host_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "text/ascii.h"

namespace ahdiag {
namespace {

using Words = std::string_view;

// Domains of the top with more than two letters that servers have, and the names that private nets use.
constexpr auto kDomains = std::to_array<Words>(
    {"com",     "net",     "org",   "info",    "biz",     "edu",     "gov",     "mil",      "int",      "arpa",
     "pro",     "aero",    "coop",  "museum",  "asia",    "local",   "lan",     "internal", "intranet", "localdomain",
     "home",    "corp",    "test",  "example", "invalid", "dev",     "app",     "cloud",    "online",   "site",
     "shop",    "store",   "tech",  "agency",  "digital", "systems", "network", "hosting",  "services", "solutions",
     "company", "xyz",     "blog",  "club",    "world",   "berlin",  "bayern",  "wien",     "swiss",    "paris",
     "london",  "academy", "group", "media",   "news",    "live",    "email",   "website",  "domain",   "private"});

// Domains of two letters that names of files end in.
constexpr auto kSuffixes =
    std::to_array<Words>({"so", "py", "pl", "sh", "js", "gz", "xz", "bz", "md", "rb", "cc", "rs",
                          "in", "am", "ac", "la", "pm", "ts", "vb", "cs", "ps", "do", "db", "hs"});

// What names of files have in front of their last part: "httpd.pid.HJPrab", "index.html.en".
constexpr auto kInner = std::to_array<Words>(
    {"conf", "html", "htm", "php", "log", "pid", "pem", "crt", "key", "sock", "service", "tar", "xml", "txt", "so"});

// Packages of Java are written from the top down.
constexpr auto kFirst = std::to_array<Words>({"org", "com", "net", "java", "javax", "io", "jakarta"});

constexpr auto kUnits =
    std::to_array<Words>({".service", ".socket", ".timer", ".target", ".slice", ".mount", ".scope"});

bool is_one_of(std::string_view word, const auto& all) { return std::ranges::find(all, word) != all.end(); }

bool is_label(std::string_view label) {
  const auto fits = [](char c) { return is_alnum(c) || c == '-'; };
  return !label.empty() && label.size() <= 63 && std::ranges::all_of(label, fits) && label.front() != '-';
}

}  // namespace

bool is_host_name(std::string_view text) {
  const auto labels = split(text, '.');
  if (labels.size() < 2 || !std::ranges::all_of(labels, is_label)) return false;
  const auto last = labels.back();
  if (!std::ranges::all_of(last, is_lower) && !std::ranges::all_of(last, is_upper)) return false;
  const std::string top = lower(last);
  if (is_one_of(labels.front(), kFirst) || is_one_of(labels[labels.size() - 2], kInner)) return false;
  if (top.size() == 2) return labels.size() > 2 || !is_one_of(std::string_view(top), kSuffixes);
  return is_one_of(std::string_view(top), kDomains);
}

bool is_systemd_unit(std::string_view text) {
  return std::ranges::any_of(kUnits, [&](std::string_view one) { return text.ends_with(one); });
}

}  // namespace ahdiag
