// `ahdiag merge`: reports from files, directories and standard input, one or many in each.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/run.h"
#include "cli/version.h"
#include "input/file.h"
#include "report/merge.h"
#include "text/ascii.h"

namespace ahdiag {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestReport = std::size_t{256} << 20;

// What was named: a file and what to call its host.
struct Named {
  std::string path, host;
};

// "web1=report.json"; a slash in front of "=" belongs to a file's name.
Named named(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0 || word.find('/') < equals) return {word, ""};
  return {word.substr(equals + 1), word.substr(0, equals)};
}

// A directory stands for the reports in it.
std::vector<Named> files_of(const std::string& word, Problems& problems) {
  const Named one = named(word);
  if (!is_directory(one.path)) return {one};
  std::vector<Named> all;
  std::error_code error;
  for (auto it = fs::directory_iterator(one.path, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    const auto extension = it->path().extension();
    if (extension == ".json" || extension == ".ndjson") all.push_back({it->path().string(), one.host});
  }
  if (error) problems.push_back({"cannot read the directory", one.path, error.message(), ""});
  if (all.empty() && !error)
    problems.push_back({"no report in this directory", one.path, "", "reports are called *.json or *.ndjson"});
  std::ranges::sort(all, {}, &Named::path);
  return all;
}

// Cuts a stream into reports: each begins with the brace that begins a line, however it is laid out. So one that is cut
// or spoilt costs no other.
class Documents {
 public:
  Documents(Merger& merger, const Named& file, Problems& problems)
      : merger_(merger), file_(file), problems_(problems) {}

  void take(std::string_view block) {
    for (std::size_t at = 0; at < block.size();) {
      const auto newline = block.find('\n', at);
      const auto end = newline == std::string_view::npos ? block.size() : newline + 1;
      if (line_begins_ && block[at] == '{') finish();
      if (text_.size() <= kLongestReport) text_ += block.substr(at, end - at);
      line_begins_ = newline != std::string_view::npos;
      line_ += line_begins_ ? 1 : 0;
      at = end;
    }
  }

  void finish() {
    if (!trim(text_).empty()) add();
    text_.clear();
    begin_ = line_;
  }

  [[nodiscard]] bool any() const { return any_; }

 private:
  void add() {
    any_ = true;
    auto problem = text_.size() > kLongestReport ? Problem{"the report is too long", "", "it has over 256 MiB", ""}
                                                 : merger_.add(text_, file_.host);
    if (!problem) return;
    problem->where = (file_.path == "-" ? "standard input" : file_.path) + ":" + std::to_string(begin_);
    problems_.push_back(std::move(*problem));
  }

  Merger& merger_;
  const Named& file_;
  Problems& problems_;
  std::string text_;
  std::size_t line_ = 1, begin_ = 1;  // the line that is read, and the one on which the report begins
  bool line_begins_ = true, any_ = false;
};

void read(const Named& file, Merger& merger, Problems& problems) {
  Budget budget;
  Flow flow{file.path, budget, std::nullopt};
  File source(file.path, flow);
  Documents documents(merger, file, problems);
  for (auto block = source.next(); !block.empty(); block = source.next()) documents.take(block);
  documents.finish();
  if (flow.trouble) {
    problems.push_back(*flow.trouble);
  } else if (!documents.any()) {
    problems.push_back({"no report of ahdiag", file.path == "-" ? "standard input" : file.path, "it is empty", ""});
  }
}

}  // namespace

int run_merge(const Options& options) {
  if (options.files.empty() && ::isatty(STDIN_FILENO) == 1) {
    std::cerr << "usage: ahdiag merge [OPTIONS] [[HOST=]REPORT.json...]\nWithout a file, reports are read from "
                 "standard input.\n";
    return kUsage;
  }
  Problems problems;
  const auto rules = load_rules(options.rules, problems);
  complain(problems);
  if (!problems.empty()) return kUsage;
  Merger merger(rules.book, version());
  for (const auto& word : options.files.empty() ? std::vector<std::string>{"-"} : options.files) {
    for (const auto& file : files_of(word, problems)) read(file, merger, problems);
  }
  complain(problems);
  if (merger.empty()) return kIncomplete;
  const int written =
      print(options.format == Format::text ? merger.to_text(style_of(options)) : merger.to_json(options.compact));
  if (written != kNothingFound) return written;
  if (!problems.empty()) return kIncomplete;
  const auto worst = merger.worst();
  return options.fail_on && worst && *worst >= *options.fail_on ? kFound : kNothingFound;
}

}  // namespace ahdiag
