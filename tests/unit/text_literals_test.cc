#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "text/literals.h"

using namespace ahdiag;

namespace {

std::set<std::uint32_t> held(const std::vector<Literals::Literal>& literals, std::string_view text) {
  std::set<std::uint32_t> owners;
  Literals(literals).find(text, [&](std::uint32_t owner) { owners.insert(owner); });
  return owners;
}

}  // namespace

TEST_CASE("literals are found wherever they stand", "[text][literals]") {
  const std::vector<Literals::Literal> literals = {{"shared memory", 1}, {"memory", 2}, {"Address already in use", 3},
                                                   {"mem", 4},           {"C:", 5},     {"shared memory", 6}};
  using Owners = std::set<std::uint32_t>;
  CHECK(held(literals, "") == Owners{});
  CHECK(held(literals, "a shared memory segment") == Owners{1, 2, 4, 6});
  CHECK(held(literals, "memory") == Owners{2, 4});
  CHECK(held(literals, "memor") == Owners{4});
  CHECK(held(literals, "me") == Owners{});
  CHECK(held(literals, "(98)Address already in use") == Owners{3});
  CHECK(held(literals, "ddress already in use") == Owners{});
  CHECK(held(literals, "at C:/Apache24") == Owners{5});
  CHECK(held({}, "anything") == Owners{});
}

TEST_CASE("a thousand literals are found like one", "[text][literals]") {
  std::vector<std::string> words;
  for (int i = 0; i < 1000; ++i) words.push_back("word " + std::to_string(i * 7919) + ".");
  std::vector<Literals::Literal> literals;
  for (std::size_t i = 0; i < words.size(); ++i) literals.push_back({words[i], static_cast<std::uint32_t>(i)});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto text = "before " + words[i] + " behind";
    std::set<std::uint32_t> expected;
    for (std::size_t j = 0; j < words.size(); ++j) {
      if (text.find(words[j]) != std::string::npos) expected.insert(static_cast<std::uint32_t>(j));
    }
    REQUIRE(held(literals, text) == expected);
  }
}

TEST_CASE("a literal is found at each place of a text, whatever others are there", "[text][literals]") {
  for (const std::string_view shortest : {"four", "fives", "sixsix", "seven77", "eighteight"}) {
    const std::vector<Literals::Literal> literals = {{shortest, 1}, {"a longer one", 2}};
    for (std::size_t at = 0; at < 12; ++at) {
      const std::string before(at, '-');
      CHECK(held(literals, before + std::string(shortest)) == std::set<std::uint32_t>{1});
      CHECK(held(literals, before + "a longer one" + std::string(shortest)) == std::set<std::uint32_t>{1, 2});
      CHECK(held(literals, before + std::string(shortest.substr(0, shortest.size() - 1))).empty());
    }
  }
}
