#include <random>
#include <string>

#include "catch.h"
#include "text/wide64.h"

using namespace ahdiag;

#ifdef AHDIAG_HAS_64

namespace {

// One by one.
template <typename Fits>
std::uint64_t bits_of(std::string_view bytes, Fits fits) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) bits |= std::uint64_t{fits(bytes[i])} << i;
  return bits;
}

bool is_within(char byte, char low, char high) {
  const auto number = static_cast<unsigned char>(byte);
  return number >= static_cast<unsigned char>(low) && number <= static_cast<unsigned char>(high);
}

[[AHDIAG_TAKES_64]] void check(const std::string& text, const std::string& other, char low, char high,
                               std::size_t size) {
  const Bytes64 bytes(text.data());
  const Bytes32 half(text.data());
  CHECK(bytes.equal(low) == bits_of(text, [&](char byte) { return byte == low; }));
  CHECK(bytes.within(low, high) == bits_of(text, [&](char byte) { return is_within(byte, low, high); }));
  CHECK(half.within(low, high) == static_cast<std::uint32_t>(bytes.within(low, high)));
  CHECK(half.equal(low) == static_cast<std::uint32_t>(bytes.equal(low)));
  std::uint64_t same = 0;
  for (std::size_t i = 0; i < text.size(); ++i) same |= std::uint64_t{text[i] == other[i]} << i;
  CHECK(bytes.equal(Bytes64(other.data())) == same);
  CHECK(half.equal(Bytes32(other.data())) == static_cast<std::uint32_t>(same));
  const std::string some = text.substr(0, size);
  CHECK(Bytes64(some.data(), lowest_64(size)).equal('\0') ==
        (bits_of(some, [](char byte) { return byte == 0; }) | ~lowest_64(size)));
}

[[AHDIAG_TAKES_64]] void check_reach(std::size_t size) {
  const Reach64 reach(size);
  for (std::size_t number = 0; number < 4; ++number) {
    const std::size_t begin = number * Bytes64::kSize;
    CHECK(reach.in(number) == lowest_64(size <= begin ? 0 : std::min(size - begin, Bytes64::kSize)));
  }
}

}  // namespace

TEST_CASE("sixty-four bytes together are answered as one by one", "[text][wide]") {
  if (!can_take_64()) return;  // this processor cannot
  std::mt19937 random(1762);   // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
  const auto any = [&] { return static_cast<char>(random() % 256); };
  for (int i = 0; i < 5000; ++i) {
    std::string text(Bytes64::kSize, 'x');
    for (auto& byte : text) byte = i % 2 == 0 ? any() : "09:af. ~,"[random() % 9];
    std::string other = text;
    for (int changes = 0; changes < 5; ++changes) other[random() % other.size()] = any();
    const auto low = static_cast<unsigned char>(any());
    const auto high = static_cast<unsigned char>(low + random() % (256U - low));
    check(text, other, static_cast<char>(low), static_cast<char>(high), random() % (Bytes64::kSize + 1));
  }
}

TEST_CASE("a reach ends where the text does", "[text][wide]") {
  if (!can_take_64()) return;  // this processor cannot
  for (std::size_t size = 0; size <= Reach64::kMost; ++size) check_reach(size);
}

#endif
