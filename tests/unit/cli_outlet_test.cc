#include <string>
#include <vector>

#include "catch.h"
#include "cli/outlet.h"

using namespace ahdiag;

namespace {

// Remembers what was written; after `good` calls it gives `then`.
struct Reader {
  std::vector<std::string> pieces;
  std::size_t good = SIZE_MAX;
  WriteResult then = WriteResult::done;

  Outlet::Write write() {
    return [this](std::string_view text) {
      pieces.emplace_back(text);
      return pieces.size() > good ? then : WriteResult::done;
    };
  }
};

const std::string kMuch(70000, 'x');

}  // namespace

TEST_CASE("small pieces go out as one, large ones at once", "[cli][outlet]") {
  Reader reader;
  Outlet outlet(reader.write());
  outlet.add("one ");
  outlet.add("two ");
  CHECK(reader.pieces.empty());
  outlet.add(kMuch);
  CHECK(reader.pieces == std::vector<std::string>{"one two " + kMuch});
  outlet.add("end");
  CHECK(outlet.finish() == WriteResult::done);
  CHECK(reader.pieces.back() == "end");
}

TEST_CASE("nothing is written after what could not be written", "[cli][outlet]") {
  for (const auto result : {WriteResult::closed, WriteResult::failed}) {
    Reader reader{{}, 1, result};
    Outlet outlet(reader.write());
    for (int i = 0; i < 5; ++i) outlet.add(kMuch);
    CHECK(outlet.finish() == result);
    CHECK(reader.pieces.size() == 2);
  }
}

TEST_CASE("what fails at the very end is told, too", "[cli][outlet]") {
  Reader reader{{}, 0, WriteResult::failed};
  Outlet outlet(reader.write());
  outlet.add("all");
  CHECK(outlet.finish() == WriteResult::failed);
}
