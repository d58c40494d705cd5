// Facts about httpd that are lists: its directives, its message ids, its modules; and our cause classes. Compiled in
// from rules/*.tsv and rules/classes.txt.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entry/entry.h"

namespace ahdiag {

struct Directive {
  std::string_view name;
  std::string_view module;       // "core", "rewrite"; "-" for one that httpd no longer has
  std::string_view contexts;     // "server,vhost,directory,htaccess"
  std::string_view override_;    // AllowOverride class, or "-"
  std::string_view replacement;  // what to write instead of one that is gone; else empty
};

// Of the sources of httpd 2.4 and its development branch; "-" where they do not tell.
struct CodeFacts {
  std::string_view code;
  std::string_view module;
  std::string_view level;   // "error"; "error|warn" where it depends
  std::string_view status;  // "yes", "no"; "const": always the same one
  std::string_view client;  // whether it names the client: "yes", "no"
  std::string_view form;    // "startup": printed bare while the server starts
  std::string_view since;   // the first release, or "trunk"
  std::string_view until;   // the last release that had it; "-": 2.4 still has it
  std::string_view file;    // "server/core.c"

  // Of several levels the worst; none where it is unknown.
  [[nodiscard]] Level worst_level() const;
};

struct CauseClass {
  std::string_view name;
  std::string_view area;
  std::string_view meaning;
};

// By name, without regard to case, as httpd looks it up; "<" and ">" of a section do not matter.
const Directive* find_directive(std::string_view name);

// The known directive that is nearest to a misspelt one, at a distance of at most two; nothing where none is that near.
std::optional<std::string> suggest_directive(std::string_view name);

std::optional<CodeFacts> find_code(std::string_view code);

// What a module is for, in a few words: "Digest authentication"; empty for one that nobody listed.
std::string_view area_of_module(std::string_view module);

// "mod_auth_digest (Digest authentication)", "core (the server itself …)": a module for people.
std::string module_in_words(std::string_view module);

const CauseClass* find_class(std::string_view name);

// All of them, in the order of the file; ids are sorted in it.
std::span<const Directive> all_directives();
std::span<const CodeFacts> all_codes();
std::span<const CauseClass> all_classes();

}  // namespace ahdiag
