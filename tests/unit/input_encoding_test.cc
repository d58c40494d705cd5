#include <random>
#include <string>
#include <string_view>

#include "catch.h"
#include "input/encoding.h"

using namespace ahdiag;
using std::string_literals::operator""s;

namespace {

const std::string kEntry = "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 1] AH00037: x\n";

std::string utf16(std::u16string_view text, bool little, bool mark = true) {
  std::string bytes;
  const auto put = [&](char16_t unit) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xFF);
    bytes += little ? low : high;
    bytes += little ? high : low;
  };
  if (mark) put(0xFEFF);
  for (const char16_t unit : text) put(unit);
  return bytes;
}

// In blocks of `size` bytes: where they end must not matter.
std::string decoded(const std::string& bytes, std::size_t size) {
  TextDecoder decoder(text_shape(bytes));
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += size)
    text += decoder.decode(std::string_view(bytes).substr(at, size));
  return text + std::string(decoder.finish());
}

std::string random_bytes(std::size_t size, unsigned seed) {
  std::mt19937 draw(seed);
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(draw() & 0xFF);
  return bytes;
}

bool is_binary(const std::string& bytes) { return binary_problem(bytes, "x").has_value(); }

}  // namespace

TEST_CASE("UTF-16 becomes UTF-8, however it is cut", "[input][encoding]") {
  const std::u16string text = u"a\u00e4\u20ac\U0001F600\r\nz";
  const std::string wanted = "a\u00e4\u20ac\U0001F600\r\nz";
  for (const bool little : {true, false}) {
    for (const std::size_t size : {1, 2, 3, 5, 100}) {
      CAPTURE(little, size);
      CHECK(decoded(utf16(text, little), size) == wanted);
    }
  }
}

TEST_CASE("halves of characters in UTF-16 are shown as such", "[input][encoding]") {
  const std::string unknown = "\xef\xbf\xbd";
  CHECK(decoded("\xff\xfe" + "a\0"s + "\x3d\xd8" + "b\0"s, 3) == "a" + unknown + "b");  // a high surrogate alone
  CHECK(decoded("\xff\xfe" + "\x00\xde"s + "b\0"s, 3) == unknown + "b");                // a low one
  CHECK(decoded("\xff\xfe" + "\x3d\xd8"s + "\x3d\xd8" + "b\0"s, 4) == unknown + unknown + "b");
  CHECK(decoded("\xff\xfe" + "a\0b"s, 1) == "a" + unknown);  // half a unit
  CHECK(decoded("\xff\xfe" + "a\0\x3d\xd8"s, 1) == "a" + unknown);
  CHECK(decoded("\xff\xfe"s, 1).empty());
}

TEST_CASE("UTF-16 without a mark is known by its NULs", "[input][encoding]") {
  const std::u16string text = u"[Wed Mar 13 07:02:11 2024] \u20ac\n";
  for (const bool little : {true, false})
    CHECK(decoded(utf16(text, little, false), 7) == "[Wed Mar 13 07:02:11 2024] \u20ac\n");
  CHECK(text_shape("a\0b\0"s).encoding == Encoding::bytes);  // too short to tell
  CHECK(text_shape(std::string(1000, '\0')).encoding == Encoding::bytes);
}

TEST_CASE("the mark of UTF-8 is dropped, once and at the begin only", "[input][encoding]") {
  const std::string mark = "\xef\xbb\xbf";
  for (const std::size_t size : {1, 2, 3, 4, 100}) CHECK(decoded(mark + "ab" + mark + "c", size) == "ab" + mark + "c");
}

TEST_CASE("a carriage return ends lines only where nothing else does", "[input][encoding]") {
  CHECK(decoded("a\rb\rc", 2) == "a\nb\nc");
  CHECK(decoded("a\rb\nc", 2) == "a\rb\nc");
  CHECK(decoded("a\r\nb\r\n", 2) == "a\r\nb\r\n");
  CHECK(decoded(utf16(u"one line\rand another\r", true), 5) == "one line\nand another\n");
}

TEST_CASE("text that a log may hold is no binary file", "[input][encoding]") {
  for (const std::string& text : {""s, "\n"s, "a"s, kEntry, kEntry + std::string(100000, '\0') + kEntry,
                                  std::string(60000, '\0'), std::string(60000, '\0') + kEntry,
                                  "caf\xe9 \xfc\xf6\xe4\xdf\n"s, "\x93\xfa\x96\x7b\x8c\xea\n"s,  // Latin-1, Shift-JIS
                                  "\x1b[1;31merror\x1b[0m: no\n"s, "a\tb\f\v\b\r\n"s, "x\0y\n"s, "\0\0\0"s}) {
    CAPTURE(text.substr(0, 60), text.size());
    CHECK_FALSE(is_binary(text));
  }
}

TEST_CASE("an entry of httpd beside garbage makes it a log", "[input][encoding]") {
  CHECK_FALSE(is_binary(random_bytes(4000, 1) + "\n" + kEntry));
  CHECK_FALSE(is_binary(kEntry + random_bytes(60000, 2)));
  CHECK_FALSE(is_binary(random_bytes(400, 3) + "\nAH00526: Syntax error on line 1 of x:\n"));
}

TEST_CASE("bytes that no program writes as text are binary", "[input][encoding]") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    for (const std::size_t size : {400, 4096, 60000}) {
      CAPTURE(seed, size);
      CHECK(is_binary(random_bytes(size, seed)));
    }
  }
}

TEST_CASE("what is known by its magic is named", "[input][encoding]") {
  CHECK(binary_problem("\x7f"
                       "ELF\2\1\1"s,
                       "httpd")
            ->why == "it seems to be a program, library or core dump");
  CHECK(binary_problem("\x89PNG\r\n\x1a\n"s, "shot.png")->why == "it seems to be an image");
  const auto journal = binary_problem("LPKSHHRH\0\0"s, "/var/log/journal/a b/system.journal");
  CHECK(journal->why == "it seems to be a systemd journal");
  CHECK(journal->help == "journalctl --file '/var/log/journal/a b/system.journal' -o short-iso | ahdiag");
  CHECK(binary_problem("LPKSHHRH\0\0"s, "-")->help == "journalctl --file FILE -o short-iso | ahdiag");
  CHECK(binary_problem("LPKSHHRH\0\0"s, "x.tar:a/system.journal")->help ==
        "journalctl --file FILE -o short-iso | ahdiag");
}
