#include <array>
#include <random>
#include <string>

#include "catch.h"
#include "text/bytes.h"

using namespace ahdiag;

TEST_CASE("sixteen bytes together are answered as one by one", "[text][wide]") {
  std::mt19937 random(1762);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same in every run
  std::array<char, kWide> bytes{};
  const auto any = [&] { return static_cast<char>(random() % 256); };
  for (int i = 0; i < 20'000; ++i) {
    for (auto& byte : bytes) byte = i % 2 == 0 ? any() : "09:af. ~,"[random() % 9];
    const Bytes16 wide(bytes.data());
    const Bytes16Portable portable(bytes.data());
    const char byte = bytes[random() % kWide];
    const auto low = static_cast<unsigned char>(any());
    const auto high = static_cast<unsigned char>(low + random() % (256U - low));
    const auto ask = [&](const auto& some) {
      const auto in = some.within(static_cast<char>(low), static_cast<char>(high));
      const auto one = some.equal(byte);
      return std::array{one.bits(), in.bits(), (one | in).bits(), (one & in).bits(), (~in).bits()};
    };
    CHECK(ask(wide) == ask(portable));
    auto others = bytes;
    others[random() % kWide] = any();
    CHECK(wide.equal(Bytes16(others.data())).bits() == portable.equal(Bytes16Portable(others.data())).bits());
  }
  const Bytes16Portable digits("0123456789abcdef");
  CHECK(digits.equal('3').bits() == 8);
  CHECK(digits.within('0', '9').bits() == 0x3FF);
  CHECK((~digits.within('0', '9')).bits() == 0xFC00);
  CHECK(digits.equal(Bytes16Portable("01234_6789abcdef")).bits() == 0xFFDF);
  CHECK(Bytes16Portable("\xFF\x80\x7F\x20            ").within('\x80', '\xFF').bits() == 3);
}

TEST_CASE("a near byte is found wherever it stands", "[text][wide]") {
  for (std::size_t size = 0; size < 50; ++size) {
    CHECK(find_near(std::string(size, 'x'), ']') == std::string_view::npos);
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = ']';
      text.back() = at + 1 == size ? ']' : 'x';
      CHECK(find_near(text, ']') == at);
      CHECK(rfind_byte(text, ']') == at);
    }
  }
}
