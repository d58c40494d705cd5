#include "input/encoding.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"
#include "text/shell.h"

namespace ahdiag {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes, means, help;
};
constexpr std::string_view kText = "give the error log itself, as text";
// Sources: file(1)'s magic. What a ticket or a log directory may hold beside logs.
constexpr std::array<Magic, 27> kMagics = {{
    {"LPKSHHRH"sv, "a systemd journal", ""},
    {"\x7f"
     "ELF"sv,
     "a program, library or core dump", kText},
    {"\x89PNG"sv, "an image", "give the text, not its picture"},
    {"\xff\xd8\xff"sv, "an image", "give the text, not its picture"},
    {"GIF8"sv, "an image", "give the text, not its picture"},
    {"RIFF"sv, "an image or a sound", "give the text, not its picture"},
    {"%PDF-"sv, "a PDF", "pdftotext -layout FILE - | ahdiag"},
    {"PK\x03\x04"sv, "a ZIP archive or an office document", "unzip -p FILE | ahdiag"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", "7z x -so FILE | ahdiag"},
    {"Rar!\x1a\x07"sv, "a RAR archive", "unpack it first"},
    {"\x1f\x9d"sv, "a file of compress (.Z)", "uncompress -c FILE | ahdiag"},
    {"\x04\x22\x4d\x18"sv, "lz4 data", "lz4 -dc FILE | ahdiag"},
    {"\x89LZO"sv, "lzop data", "lzop -dc FILE | ahdiag"},
    {"LZIP"sv, "lzip data", "lzip -dc FILE | ahdiag"},
    {"\x5d\0\0"sv, "lzma data", "xz --format=lzma -dc FILE | ahdiag"},
    {"ElfFile\0"sv, "a Windows event log", "wevtutil qe FILE /lf:true /f:text | ahdiag"},
    {"SQLite format 3\0"sv, "an SQLite database", kText},
    {"\xed\xab\xee\xdb"sv, "an RPM package", kText},
    {"!<arch>\n"sv, "a Debian package or a library", kText},
    {"\xd4\xc3\xb2\xa1"sv, "a network capture", kText},
    {"\xa1\xb2\xc3\xd4"sv, "a network capture", kText},
    {"\x0a\x0d\x0d\x0a"sv, "a network capture", kText},
    {"\xd0\xcf\x11\xe0"sv, "an office document", "save it as plain text"},
    {R"({\rtf)"sv, "a rich text document", "save it as plain text"},
    {"\xca\xfe\xba\xbe"sv, "a program", kText},
    {"\xff\xfe\0\0"sv, "text in UTF-32", "iconv -f UTF-32 -t UTF-8 FILE | ahdiag"},
    {"\0\0\xfe\xff"sv, "text in UTF-32", "iconv -f UTF-32 -t UTF-8 FILE | ahdiag"},
}};

Problem no_log(std::string_view means, const std::string& name, std::string help) {
  return {"this is no log", name, "it seems to be " + std::string(means), std::move(help)};
}

// Journals keep their text in a form of their own, which journalctl alone reads well.
std::string journal_help(const std::string& name) {
  const bool path = name.ends_with(".journal") && name.find(':') == std::string::npos;
  return "journalctl --file " + shell_word(path ? name : "FILE") + " -o short-iso | ahdiag";
}

// Stands in no text, not even in coloured or underlined: tab to carriage return, bell, backspace and escape do.
bool is_strange(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7f || (byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte != 0x1b);
}

// A line that httpd wrote: then whatever else stands there is something that it logged.
bool is_entry(std::string_view line) {
  if (line.starts_with("[")) return line.substr(0, 120).find("] [") != std::string_view::npos;
  return line.size() > 8 && line.starts_with("AH") && std::all_of(line.begin() + 2, line.begin() + 7, is_digit) &&
         line[7] == ':';
}

bool has_entry(std::string_view sample) {
  while (!sample.empty()) {
    const auto end = std::min(sample.find('\n'), sample.size());
    if (is_entry(sample.substr(0, end))) return true;
    sample.remove_prefix(std::min(end + 1, sample.size()));
  }
  return false;
}

// In random bytes a tenth is strange, in text next to nothing. NULs in a row are one hole.
bool is_strange_text(std::string_view sample) {
  constexpr std::size_t kFew = 3, kShare = 20;
  std::size_t strange = 0, bytes = 0;
  char before = 'x';
  for (const char c : sample) {
    const bool in_hole = c == '\0' && before == '\0';
    before = c;
    if (in_hole) continue;
    ++bytes;
    strange += is_strange(c) ? 1 : 0;
  }
  return strange > kFew && strange * kShare > bytes;
}

// Windows writes UTF-16 without a mark at times: then of Latin text each second byte is NUL.
Encoding unmarked(std::string_view sample) {
  constexpr std::size_t kEnough = 16;
  if (sample.size() < kEnough) return Encoding::bytes;
  std::array<std::size_t, 2> nuls{};
  for (std::size_t i = 0; i < sample.size(); ++i) nuls[i % 2] += sample[i] == '\0' ? 1 : 0;
  const std::size_t units = sample.size() / 2, most = units * 3 / 4, few = units / 50;
  if (nuls[1] >= most && nuls[0] <= few) return Encoding::utf16le;
  if (nuls[0] >= most && nuls[1] <= few) return Encoding::utf16be;
  return Encoding::bytes;
}

constexpr bool is_high(char16_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low(char16_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

TextShape text_shape(std::string_view sample) {
  TextShape shape;
  // No log is without a Latin letter, and that has a NUL beside it.
  const bool wide = sample.size() == 2 || sample.find('\0') != std::string_view::npos;
  if (wide && sample.starts_with("\xff\xfe")) {
    shape = {Encoding::utf16le, 2};
  } else if (wide && sample.starts_with("\xfe\xff")) {
    shape = {Encoding::utf16be, 2};
  } else if (sample.starts_with("\xef\xbb\xbf")) {
    shape = {Encoding::bytes, 3};
  } else {
    shape = {unmarked(sample), 0};
  }
  // Mac OS before X, and some exports. The byte is the same in UTF-16.
  shape.carriage_returns = sample.find('\r') != std::string_view::npos && sample.find('\n') == std::string_view::npos;
  return shape;
}

std::optional<Problem> binary_problem(std::string_view sample, const std::string& name) {
  for (const auto& magic : kMagics) {
    if (!sample.starts_with(magic.bytes)) continue;
    return no_log(magic.means, name, magic.help.empty() ? journal_help(name) : std::string(magic.help));
  }
  constexpr std::size_t kTarMagic = 257;
  if (sample.substr(std::min(sample.size(), kTarMagic)).starts_with("ustar")) {
    return no_log("an archive in an archive", name, "unpack it first");
  }
  if (text_shape(sample).encoding != Encoding::bytes || !is_strange_text(sample) || has_entry(sample)) {
    return std::nullopt;
  }
  return no_log(sample.starts_with("MZ") ? "a program" : "binary data", name, std::string(kText));
}

std::string_view TextDecoder::decode(std::string_view block) {
  const std::size_t skipped = std::min(mark_, block.size());
  block.remove_prefix(skipped);
  mark_ -= skipped;
  if (shape_.encoding == Encoding::bytes && !shape_.carriage_returns) return block;
  out_.clear();
  if (shape_.encoding == Encoding::bytes) {
    out_ = block;
  } else {
    for (const char c : block) {
      if (!half_) {
        half_ = c;
        continue;
      }
      const auto first = static_cast<unsigned char>(*half_), second = static_cast<unsigned char>(c);
      half_.reset();
      unit(static_cast<char16_t>(shape_.encoding == Encoding::utf16le ? second << 8 | first : first << 8 | second));
    }
  }
  if (shape_.carriage_returns) std::replace(out_.begin(), out_.end(), '\r', '\n');
  return out_;
}

std::string_view TextDecoder::finish() {
  out_.clear();
  if (high_ != 0 || half_) point(0xFFFD);
  return out_;
}

void TextDecoder::unit(char16_t unit) {
  if (high_ != 0 && is_low(unit)) {
    point(0x10000 + ((static_cast<char32_t>(high_) - 0xD800) << 10) + (static_cast<char32_t>(unit) - 0xDC00));
    high_ = 0;
    return;
  }
  if (high_ != 0) point(0xFFFD);
  high_ = is_high(unit) ? unit : char16_t{0};
  if (high_ != 0) return;
  point(is_low(unit) ? char32_t{0xFFFD} : unit);
}

void TextDecoder::point(char32_t point) {
  const auto tail = [&](int shift) { out_ += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out_ += static_cast<char>(point);
  } else if (point < 0x800) {
    out_ += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out_ += static_cast<char>(0xE0 | (point >> 12));
    tail(6);
    tail(0);
  } else {
    out_ += static_cast<char>(0xF0 | (point >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace ahdiag
