#include <random>
#include <string>
#include <vector>

#include "catch.h"
#include "text/newlines.h"

using namespace ahdiag;

namespace {

std::vector<std::size_t> expected(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ends.push_back(at);
  }
  return ends;
}

std::vector<std::size_t> found(Newlines& newlines, std::string_view text) {
  const auto ends = newlines.find(text);
  return {ends.begin(), ends.end()};
}

// Each way that this processor can go.
template <typename Check>
void each_way(Check check) {
  for (const bool wide : {false, true}) {
    if (wide && !Newlines::can_be_wide()) continue;
    Newlines newlines(wide);
    check(newlines);
  }
}

}  // namespace

TEST_CASE("newlines are found wherever they stand", "[text][newlines]") {
  each_way([](Newlines& newlines) {
    CHECK(found(newlines, "").empty());
    for (std::size_t size = 1; size < 200; ++size) {
      CHECK(found(newlines, std::string(size, 'x')).empty());
      for (std::size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = '\n';
        text.back() = '\n';
        CHECK(found(newlines, text) == expected(text));
      }
    }
  });
}

TEST_CASE("however many newlines there are, all are found", "[text][newlines]") {
  each_way([](Newlines& newlines) {
    CHECK(found(newlines, std::string(Newlines::kPiece, '\n')) == expected(std::string(Newlines::kPiece, '\n')));
    std::mt19937 random(1762);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
    for (const unsigned rare : {2, 5, 30, 200}) {
      std::string text(Newlines::kPiece - random() % 100, 'x');
      for (auto& byte : text) byte = random() % rare == 0 ? '\n' : static_cast<char>(random());
      CHECK(found(newlines, text) == expected(text));
    }
  });
}
