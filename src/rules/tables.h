// Facts about httpd that are lists: its directives and its message ids. Compiled in from rules/*.tsv.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ahdiag {

struct Directive {
  std::string_view name;
  std::string_view module;       // "core", "rewrite"; "-" for one that httpd no longer has
  std::string_view contexts;     // "server,vhost,directory,htaccess"
  std::string_view override_;    // AllowOverride class, or "-"
  std::string_view replacement;  // what to write instead of one that is gone; else empty
};

struct CodeFacts {
  std::string_view code;
  std::string_view module;
  std::string_view level;
};

// By name, without regard to case, as httpd looks it up; "<" and ">" of a section do not matter.
const Directive* find_directive(std::string_view name);

// The known directive that is nearest to a misspelt one, at a distance of at most two; nothing where none is that near.
std::optional<std::string> suggest_directive(std::string_view name);

const CodeFacts* find_code(std::string_view code);

}  // namespace ahdiag
