// libFuzzer's entry: AHDIAG_FUZZ names the target.
#include <cstdint>
#include <cstdlib>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ahdiag::fuzz::Target* const target = [] {
    const char* name = std::getenv("AHDIAG_FUZZ");  // NOLINT(concurrency-mt-unsafe): one thread
    const auto* found = ahdiag::fuzz::find_target(name == nullptr ? "log" : name);
    ahdiag::fuzz::must(found != nullptr, "AHDIAG_FUZZ names a target");
    return found;
  }();
  target->run({reinterpret_cast<const char*>(data), size});  // NOLINT: bytes are bytes
  return 0;
}
