#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "catch.h"
#include "input/follow.h"

using namespace ahdiag;
namespace fs = std::filesystem;

namespace {

// A log in a directory of this test's own, and what a follower tells of it.
class Log {
 public:
  Log() {
    std::string name = (fs::temp_directory_path() / "ahdiag-follow-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    path = (folder / "error.log").string();
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { fs::remove_all(folder); }

  void add(const std::string& text, const fs::path& to = {}) const {
    std::ofstream(to.empty() ? fs::path(path) : to, std::ios::app) << text;
  }
  // All that a look tells, as "slot:text", a begin as "slot@lines".
  std::string look(Follower& follower) {
    std::string told;
    const Gains gains = {[&](std::size_t slot, std::uint64_t lines) {
                           told += std::to_string(slot) + "@" + std::to_string(lines) + " ";
                         },
                         [&](std::size_t slot, std::string_view bytes) {
                           told += std::to_string(slot) + ":" + std::string(bytes) + " ";
                         }};
    problems.clear();
    while (follower.look(gains, problems)) {
    }
    return told;
  }

  fs::path folder;
  std::string path;
  Problems problems;
};

}  // namespace

TEST_CASE("a follower tells what a log gains from its last line on") {
  Log log;
  log.add("one\ntwo\nhal");
  Follower follower({log.path}, false);
  CHECK(log.look(follower) == "0@2 0:hal ");
  CHECK(log.look(follower).empty());
  log.add("f\n");
  CHECK(log.look(follower) == "0:f\n ");
  CHECK(follower.complete());
}

TEST_CASE("a follower tells all that a log holds, where it is asked to") {
  Log log;
  log.add("one\n");
  Follower follower({log.path}, true);
  CHECK(log.look(follower) == "0@0 0:one\n ");
}

TEST_CASE("a log that is not there is told of once, and from its start when it comes") {
  Log log;
  Follower follower({log.path}, false);
  CHECK(log.look(follower).empty());
  CHECK(log.problems.size() == 1);
  CHECK(log.look(follower).empty());
  CHECK(log.problems.empty());
  CHECK_FALSE(follower.complete());
  log.add("one\n");
  CHECK(log.look(follower) == "0@0 0:one\n ");
  CHECK(follower.complete());
}

TEST_CASE("a renamed log is read on beside the new one") {
  Log log;
  log.add("old\n");
  Follower follower({log.path}, true);
  log.look(follower);
  const auto renamed = log.folder / "error.log.1";
  fs::rename(log.path, renamed);
  log.add("a\n", renamed);
  CHECK(log.look(follower) == "0:a\n ");
  log.add("b\n", renamed);
  log.add("new\n");
  CHECK(log.look(follower) == "0:b\n 1@0 1:new\n ");
  log.add("c\n", renamed);
  log.add("d\n");
  CHECK(log.look(follower) == "0:c\n 1:d\n ");
  fs::rename(log.path, log.folder / "error.log.2");
  log.add("third\n");
  CHECK(log.look(follower) == "0@0 0:third\n ");
}

TEST_CASE("a truncated log begins anew, however long it has become") {
  Log log;
  log.add("the first text\n");
  Follower follower({log.path}, true);
  log.look(follower);
  fs::resize_file(log.path, 0);
  CHECK(log.look(follower) == "0@0 ");
  log.add("second\n");
  CHECK(log.look(follower) == "0:second\n ");
  fs::resize_file(log.path, 0);
  log.add("another\n");
  CHECK(log.look(follower) == "0@0 0:another\n ");
  fs::resize_file(log.path, 0);
  log.add("another text as long\n and longer\n");
  CHECK(log.look(follower) == "0@0 0:another text as long\n and longer\n ");
}

TEST_CASE("what was skipped and then replaced is another text, too") {
  Log log;
  log.add("the first text\n");
  Follower follower({log.path}, false);
  CHECK(log.look(follower) == "0@1 ");
  fs::resize_file(log.path, 0);
  log.add("some other text than that\n");
  CHECK(log.look(follower) == "0@0 0:some other text than that\n ");
}

TEST_CASE("a directory is no log") {
  Log log;
  Follower follower({log.folder.string()}, false);
  CHECK(log.look(follower).empty());
  REQUIRE(log.problems.size() == 1);
  CHECK(log.problems.front().what == "this is no file");
}

TEST_CASE("two logs have slots of their own") {
  Log log;
  log.add("one\n");
  log.add("two\n", log.folder / "ssl.log");
  Follower follower({log.path, (log.folder / "ssl.log").string()}, true);
  CHECK(log.look(follower) == "0@0 0:one\n 2@0 2:two\n ");
}
