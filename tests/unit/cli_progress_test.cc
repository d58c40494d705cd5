#include <string>

#include "catch.h"
#include "cli/progress.h"

using namespace ahdiag;

TEST_CASE("progress tells share, bytes and rate", "[cli][progress]") {
  CHECK(progress_line(250'000'000, 1'000'000'000, 2, 80) ==
        " 25 %  [=======                       ]  250 MB of 1.0 GB  125 MB/s");
  CHECK(progress_line(0, 10, 0, 80) == "  0 %  [                              ]  0 B of 10 B  ");
  CHECK(progress_line(4'000, 4'000, 1, 80) == "100 %  [==============================]  4.0 kB of 4.0 kB  4.0 kB/s");
}

TEST_CASE("without a total progress tells bytes and rate", "[cli][progress]") {
  CHECK(progress_line(1'500'000, 0, 3, 80) == "1.5 MB read  500 kB/s");
}

TEST_CASE("a file that grew is at its end", "[cli][progress]") {
  CHECK(progress_line(30, 10, 1, 80).starts_with("100 %  [==="));
}

TEST_CASE("progress keeps to the terminal's width", "[cli][progress]") {
  for (std::size_t width = 0; width < 120; ++width) {
    for (const std::uint64_t total : {0, 1'000'000}) {
      CAPTURE(width, total);
      CHECK(progress_line(123'456, total, 1.5, width).size() <= width);
    }
  }
}
