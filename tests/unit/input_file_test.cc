#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "catch.h"
#include "input/file.h"

using namespace ahdiag;

TEST_CASE("a block lies in the buffer that the file was given", "[input][file]") {
  const auto path = std::filesystem::temp_directory_path() / ("ahdiag-file-test-" + std::to_string(std::rand()));
  const std::string text = std::string(kBlock, 'a') + std::string(kBlock, 'b') + "c";
  std::ofstream(path) << text;
  Budget budget;
  Flow flow{path.string(), budget, std::nullopt};
  {
    File file(path.string(), flow);
    const auto first = file.next();
    REQUIRE(first == text.substr(0, kBlock));
    CHECK(reinterpret_cast<std::uintptr_t>(first.data()) % kPage == 0);  // NOLINT: an address as a number
    Buffer buffer;
    file.exchange(buffer);
    CHECK(first.data() == buffer->block());
    const auto second = file.next();
    CHECK(second == text.substr(kBlock, kBlock));
    CHECK(first == text.substr(0, kBlock));
    file.exchange(buffer);
    CHECK(second.data() == buffer->block());
    CHECK(file.next() == "c");
    CHECK(second == text.substr(kBlock, kBlock));
    CHECK(file.next().empty());
  }
  CHECK_FALSE(flow.trouble.has_value());
  CHECK(budget.read == text.size());
  std::filesystem::remove(path);
}
