// replay TARGET [--changes N] FILE...: gives each file to a target, and N times with something changed. What is changed
// follows from the file and N alone, so that a failure comes again. A folder stands for the files in it.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "targets.h"

namespace {

namespace fs = std::filesystem;
using Chance = std::mt19937_64;

// What parsers stumble over.
constexpr std::string_view kWords[] = {
    "\n",
    "\r\n",
    "\0",
    "\x1b[31m",
    "\xc2\x9b",
    "\xff",
    "\xe2\x80\xae",
    "[",
    "]",
    "(13)",
    "AH00558: ",
    "AH01",
    ": ",
    "\\x1",
    "\\n",
    "{",
    "}",
    "\"",
    "'",
    "/",
    "../",
    ", referer: ",
    "%s",
    "$(x)",
    "`x`",
    "\t",
    " ",
    "[pid ",
    "[client 192.0.2.1",
    "=",
    "é",
    "0",
    "99999999999999999999",
};

std::string change(std::string bytes, const std::vector<std::string>& all, Chance& chance) {
  const auto place = [&](std::size_t size) { return size == 0 ? 0 : static_cast<std::size_t>(chance() % size); };
  const std::size_t at = place(bytes.size() + 1), size = place(std::min<std::size_t>(bytes.size() - at, 64) + 1);
  switch (chance() % 6) {
    case 0: return bytes.erase(at, size);
    case 1: return bytes.insert(at, bytes.substr(place(bytes.size() + 1), size));
    case 2: return bytes.insert(at, kWords[place(std::size(kWords))]);
    case 3: return bytes.substr(0, at);
    case 4: {
      const std::string& other = all[place(all.size())];
      return bytes.replace(at, size, other.substr(place(other.size() + 1), 256));
    }
    default:
      if (at < bytes.size()) bytes[at] = static_cast<char>(chance());
      return bytes;
  }
}

std::vector<fs::path> files_of(const fs::path& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<fs::path> all;
  for (const auto& one : fs::recursive_directory_iterator(path)) {
    if (one.is_regular_file()) all.push_back(one.path());
  }
  std::ranges::sort(all);
  return all;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  ahdiag::fuzz::must(file.is_open(), "the file can be read: " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

// The bytes that are being tried are kept beside the report of what failed.
void attempt(const ahdiag::fuzz::Target& target, const std::string& bytes) {
  std::ofstream("fuzz-last", std::ios::binary | std::ios::trunc) << bytes;
  target.run(bytes);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::size_t changes = 0;
  if (words.size() > 2 && words[1] == "--changes") {
    std::from_chars(words[2].data(), words[2].data() + words[2].size(), changes);
    words.erase(words.begin() + 1, words.begin() + 3);
  }
  const auto* target = words.empty() ? nullptr : ahdiag::fuzz::find_target(words[0]);
  if (target == nullptr || words.size() < 2) {
    std::cerr << "usage: replay TARGET [--changes N] FILE...\n";
    return 2;
  }
  std::vector<std::string> all;
  for (std::size_t i = 1; i < words.size(); ++i) {
    for (const auto& path : files_of(words[i])) all.push_back(read(path));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    attempt(*target, all[i]);
    Chance chance(i);
    for (std::size_t n = 0; n < changes; ++n) {
      std::string bytes = all[i];
      for (auto more = 1 + chance() % 4; more > 0; --more) bytes = change(std::move(bytes), all, chance);
      attempt(*target, bytes);
    }
  }
  fs::remove("fuzz-last");
  std::cout << all.size() * (1 + changes) << " inputs of " << target->name << '\n';
  return 0;
}
