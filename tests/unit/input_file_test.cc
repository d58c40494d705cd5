#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "catch.h"
#include "input/file.h"

using namespace ahdiag;

TEST_CASE("a block stays for who puts another buffer in its place", "[input][file]") {
  const auto path = std::filesystem::temp_directory_path() / ("ahdiag-file-test-" + std::to_string(std::rand()));
  const std::string text = std::string(kBlock, 'a') + std::string(kBlock, 'b') + "c";
  std::ofstream(path) << text;
  Budget budget;
  Flow flow{path.string(), budget, std::nullopt};
  {
    File file(path.string(), flow);
    const auto first = file.next();
    REQUIRE(first == text.substr(0, kBlock));
    CHECK(file.lender_of(first.substr(0, kBlock - 1)) == nullptr);  // something of it is still to come
    CHECK(file.lender_of("elsewhere") == nullptr);
    CHECK(file.lender_of({}) == nullptr);
    Buffer* const lender = file.lender_of(first.substr(10));
    REQUIRE(lender != nullptr);
    CHECK(first.data() == (*lender)->block());
    CHECK(reinterpret_cast<std::uintptr_t>(first.data()) % kPage == 0);  // NOLINT: an address as a number
    Buffer kept;
    std::swap(*lender, kept);
    CHECK(file.next() == text.substr(kBlock, kBlock));
    CHECK(first == text.substr(0, kBlock));
    CHECK(file.lender_of(first) == nullptr);
    CHECK(file.next() == "c");
    CHECK(file.next().empty());
  }
  CHECK_FALSE(flow.trouble.has_value());
  std::filesystem::remove(path);
}
