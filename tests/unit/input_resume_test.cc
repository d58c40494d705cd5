#include <cstdio>
#include <filesystem>
#include <fstream>

#include "catch.h"
#include "input/bookmark.h"
#include "input/resume.h"

using namespace ahdiag;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "resumeXXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }
  void append(const std::string& name, const std::string& text) const {
    std::ofstream(at(name), std::ios::app | std::ios::binary) << text;
  }

 private:
  fs::path path_;
};

// Calls one after another, each going on where the one before ended.
class Calls {
 public:
  explicit Calls(std::string path) : path_(std::move(path)) {}

  // "1:first 2:second", numbers and texts of the lines that are new.
  std::string next(Start start = Start::begin) {
    std::string lines;
    const Listener listener = {[](const std::string&) {},
                               [&](const Line& line) {
                                 if (!lines.empty()) lines += ' ';
                                 lines += std::to_string(line.number) + ":" + std::string(line.text.substr(0, 20));
                               },
                               [](const Reading&) {}};
    last = resume(path_, known, start, listener, [this] { return over; });
    if (last.known) known = last.progress;
    return lines;
  }

  std::optional<LogProgress> known;
  Resumed last;
  bool over = false;

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a log is read on where it was left") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "a\nb\n");
  CHECK(calls.next() == "1:a 2:b");
  CHECK(calls.next().empty());
  folder.append("log", "c\nd");
  CHECK(calls.next() == "3:c");
  folder.append("log", "e\n");
  CHECK(calls.next() == "4:de");
  CHECK(calls.known->files.front().lines == 4);
  CHECK(calls.known->files.front().offset == 9);
}

TEST_CASE("a first call may begin at the end") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "a\nb\nhalf");
  CHECK(calls.next(Start::end).empty());
  folder.append("log", " a line\nc\n");
  CHECK(calls.next(Start::end) == "3:half a line 4:c");
}

TEST_CASE("a log that is not there is read whole when it comes") {
  const Folder folder;
  Calls calls(folder.at("log"));
  CHECK(calls.next(Start::end).empty());
  CHECK(calls.last.trouble.has_value());
  folder.append("log", "a\n");
  CHECK(calls.next(Start::end) == "1:a");
  CHECK_FALSE(calls.last.trouble.has_value());
}

TEST_CASE("the rest of a rotated file is read before the new one") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "a\n");
  CHECK(calls.next() == "1:a");
  folder.append("log", "b\n");
  fs::rename(folder.at("log"), folder.at("log.1"));
  folder.append("log", "c\n");
  CHECK(calls.next() == "2:b 1:c");
  folder.append("log.1", "late\n");
  CHECK(calls.next() == "3:late");
  CHECK_FALSE(calls.last.gap.has_value());
}

TEST_CASE("lines that begin alike are told apart by their file") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "same\n");
  CHECK(calls.next() == "1:same");
  fs::rename(folder.at("log"), folder.at("log.1"));
  folder.append("log", "same\n");
  CHECK(calls.next() == "1:same");
}

TEST_CASE("what was truncated is a gap, and what stands there now is read") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "a\nb\n");
  calls.next();
  std::ofstream(folder.at("log"), std::ios::trunc) << "c\n";
  CHECK(calls.next() == "1:c");
  CHECK(calls.last.gap.has_value());
}

TEST_CASE("a call that runs out of time leaves the rest to the next") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "a\n");
  calls.next();
  fs::rename(folder.at("log"), folder.at("log.1"));
  folder.append("log.1", "b\n");
  folder.append("log", "c\n");
  calls.over = true;
  CHECK(calls.next() == "2:b");
  CHECK(calls.last.trouble.has_value());
  calls.over = false;
  CHECK(calls.next() == "1:c");
  CHECK(calls.next().empty());
}

TEST_CASE("a first call that does not reach the end in time knows nothing") {
  const Folder folder;
  Calls calls(folder.at("log"));
  folder.append("log", "a\n");
  calls.over = true;
  calls.next(Start::end);
  CHECK_FALSE(calls.last.known);
  CHECK_FALSE(calls.known.has_value());
}

TEST_CASE("a trail marks the first and the last bytes") {
  Trail trail;
  trail.add(std::string(600, 'a'));
  trail.add(std::string(600, 'b'));
  trail.add(std::string(600, 'c'));
  const Bookmark bookmark = trail.bookmark();
  CHECK(bookmark.offset == 1800);
  CHECK(bookmark.head.fits(std::string(600, 'a') + std::string(424, 'b')));
  CHECK(bookmark.tail.fits(std::string(424, 'b') + std::string(600, 'c')));
  CHECK_FALSE(bookmark.tail.fits(std::string(1024, 'c')));

  Trail on(bookmark, std::string(600, 'a') + std::string(424, 'b'), std::string(424, 'b') + std::string(600, 'c'));
  on.add("d");
  CHECK(on.bookmark().tail.fits(std::string(423, 'b') + std::string(600, 'c') + "d"));
  CHECK(on.bookmark().head.digest == bookmark.head.digest);
}
