#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "input/file.h"
#include "input/lines.h"
#include "input/sources.h"

using namespace ahdiag;
namespace fs = std::filesystem;

namespace {

// A directory of this test's own that goes away with it.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "ahdiag-lines-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string name(const std::string& file) const { return (path_ / file).string(); }
  [[nodiscard]] std::string write(const std::string& file, std::string_view bytes) const {
    std::ofstream out(name(file), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return name(file);
  }

 private:
  fs::path path_;
};

struct Kept {
  std::string text;
  std::uint64_t number, cut;
  bool operator==(const Kept&) const = default;
};

struct All {
  std::vector<Kept> lines;
  Reading reading;
};

All read_all(const std::string& name) {
  All all;
  read_sources({name}, {[](const std::string&) {},
                        [&](const Line& line) {
                          all.lines.push_back({std::string(line.text), line.number, line.cut});
                        },
                        [&](const Reading& reading) { all.reading = reading; }});
  return all;
}

std::vector<std::string> texts(const All& all) {
  std::vector<std::string> texts;
  for (const auto& line : all.lines) texts.push_back(line.text);
  return texts;
}

}  // namespace

TEST_CASE("lines come in order, numbered from one", "[input][lines]") {
  const Folder folder;
  const auto all = read_all(folder.write("log", "a\n\nbc\n"));
  CHECK(all.lines == std::vector<Kept>{{"a", 1, 0}, {"", 2, 0}, {"bc", 3, 0}});
  CHECK(all.reading.lines == 3);
  CHECK(all.reading.bytes == 6);
  CHECK_FALSE(all.reading.error.has_value());
}

TEST_CASE("an empty file has no line", "[input][lines]") {
  const Folder folder;
  const auto all = read_all(folder.write("log", ""));
  CHECK(all.lines.empty());
  CHECK(all.reading.lines == 0);
  CHECK(all.reading.bytes == 0);
  CHECK_FALSE(all.reading.error.has_value());
}

TEST_CASE("a last line needs no newline", "[input][lines]") {
  const Folder folder;
  CHECK(texts(read_all(folder.write("log", "a\nb"))) == std::vector<std::string>{"a", "b"});
  CHECK(texts(read_all(folder.write("log", "a"))) == std::vector<std::string>{"a"});
  CHECK(texts(read_all(folder.write("log", "\n"))) == std::vector<std::string>{""});
}

TEST_CASE("a carriage return belongs to the line's end only there", "[input][lines]") {
  const Folder folder;
  const auto all = read_all(folder.write("log", "a\r\nb\rc\r\n\r\nd\r"));
  CHECK(texts(all) == std::vector<std::string>{"a", "b\rc", "", "d"});
  CHECK(all.reading.bytes == 12);
}

TEST_CASE("any byte but the newline may stand in a line", "[input][lines]") {
  const Folder folder;
  std::string bytes = "x";
  for (int byte = 0; byte < 256; ++byte) {
    if (byte != '\n') bytes += static_cast<char>(byte);
  }
  const std::string text(1000, 'x');  // among so much text it is no binary file
  const auto all = read_all(folder.write("log", text + "\n" + bytes + "\n"));
  REQUIRE(all.lines.size() == 2);
  CHECK(all.lines[1].text == bytes);
}

TEST_CASE("a hole before a line is left out, of any size", "[input][lines]") {
  const Folder folder;
  for (const std::size_t size : {std::size_t{1}, kLongestLine + 1, kBlock - 1, kBlock, 3 * kBlock + 7}) {
    const std::string hole(size, '\0');
    const auto all = read_all(folder.write("log", hole + "a\n" + hole + "b\nc\n" + hole));
    CAPTURE(size);
    CHECK(texts(all) == std::vector<std::string>{"a", "b", "c"});
    CHECK(all.reading.bytes == 3 * size + 6);
    CHECK_FALSE(all.reading.error.has_value());
  }
}

TEST_CASE("a block's end inside, before and after a line changes nothing", "[input][lines]") {
  const Folder folder;
  for (std::size_t before = kBlock - 4; before <= kBlock + 4; ++before) {
    for (const std::string end : {"\n", "\r\n"}) {
      // Filling up to `before` bytes, then a line that the block's end may split.
      std::string bytes;
      std::vector<std::string> wanted;
      while (before - bytes.size() > 2000) {
        wanted.push_back(std::string(1000 - end.size(), 'x'));
        bytes += wanted.back() + end;
      }
      wanted.push_back(std::string(before - bytes.size() - end.size(), 'y'));
      bytes += wanted.back() + end;
      REQUIRE(bytes.size() == before);
      for (const std::string tail : {"ab", "", "last"}) {
        wanted.push_back(tail);
        bytes += tail + end;
      }
      const auto all = read_all(folder.write("log", bytes));
      CAPTURE(before, end.size());
      CHECK(texts(all) == wanted);
      CHECK(all.reading.bytes == bytes.size());
      CHECK(all.reading.lines == wanted.size());
      CHECK(all.lines.back().number == wanted.size());
    }
  }
}

TEST_CASE("a block's end is no line's end", "[input][lines]") {
  const Folder folder;
  for (const std::size_t size : {kBlock - 1, kBlock, kBlock + 1, 2 * kBlock}) {
    // One line of httpd's length across the end of the block, with nothing after it.
    const std::string head = std::string(size - 4001, 'x') + "\n";
    const std::string tail(4000, 'z');
    const auto all = read_all(folder.write("log", head + tail));
    CAPTURE(size);
    REQUIRE(all.lines.size() == 2);
    CHECK(all.lines[1].text == tail);
    CHECK(all.lines[1].cut == 0);
  }
}

TEST_CASE("a line of ten megabytes keeps its head and counts the rest", "[input][lines]") {
  const Folder folder;
  constexpr std::size_t kSize = 10 * 1024 * 1024;
  std::string bytes(kSize, 'x');
  for (std::size_t i = 0; i < kLongestLine; ++i) bytes[i] = static_cast<char>('a' + i % 26);
  const auto all = read_all(folder.write("log", "before\n" + bytes + "\nafter\n"));
  REQUIRE(all.lines.size() == 3);
  CHECK(all.lines[0] == Kept{"before", 1, 0});
  CHECK((all.lines[1].text == bytes.substr(0, kLongestLine)));
  CHECK(all.lines[1].cut == kSize - kLongestLine);
  CHECK(all.lines[1].number == 2);
  CHECK(all.lines[2] == Kept{"after", 3, 0});
  CHECK(all.reading.bytes == kSize + 14);
}

TEST_CASE("only what is over the longest line is cut", "[input][lines]") {
  const Folder folder;
  for (const std::size_t size : {kLongestLine - 1, kLongestLine, kLongestLine + 1, 3 * kBlock}) {
    for (const bool newline : {true, false}) {
      const auto all = read_all(folder.write("log", std::string(size, 'x') + (newline ? "\n" : "")));
      CAPTURE(size, newline);
      REQUIRE(all.lines.size() == 1);
      CHECK(all.lines[0].text.size() == std::min(size, kLongestLine));
      CHECK(all.lines[0].cut == size - std::min(size, kLongestLine));
    }
  }
}

TEST_CASE("a directory without logs is told with its name", "[input][lines]") {
  const Folder folder;
  const auto all = read_all(folder.name(""));
  CHECK(all.lines.empty());
  REQUIRE(all.reading.error.has_value());
  CHECK(all.reading.error->what == "no error log in this directory");
  CHECK(all.reading.error->where == folder.name(""));
}

TEST_CASE("a file that is not there is told with its name", "[input][lines]") {
  const Folder folder;
  const auto all = read_all(folder.name("missing"));
  CHECK(all.lines.empty());
  REQUIRE(all.reading.error.has_value());
  CHECK(all.reading.error->what == "cannot open the file");
  CHECK(all.reading.error->where == folder.name("missing"));
  CHECK(all.reading.error->why == "No such file or directory");
  CHECK_FALSE(all.reading.error->help.empty());
}

TEST_CASE("a small file is read whole, a missing or huge one is a problem", "[input][lines]") {
  const Folder folder;
  std::string content = "old";
  CHECK_FALSE(read_file(folder.write("rule", "{\"a\": 1}\n"), content).has_value());
  CHECK(content == "{\"a\": 1}\n");
  CHECK_FALSE(read_file(folder.write("empty", ""), content).has_value());
  CHECK(content.empty());
  const auto missing = read_file(folder.name("missing"), content);
  REQUIRE(missing.has_value());
  CHECK(missing->why == "No such file or directory");
  CHECK(read_file(folder.name(""), content).has_value());
  { std::ofstream(folder.name("huge")) << "x"; }
  fs::resize_file(folder.name("huge"), 17 * 1024 * 1024);
  CHECK(read_file(folder.name("huge"), content).has_value());
  fs::resize_file(folder.name("huge"), 16 * 1024 * 1024);
  CHECK_FALSE(read_file(folder.name("huge"), content).has_value());
}
