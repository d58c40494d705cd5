#include "input/tar.h"

#include <algorithm>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::uint64_t kLongestExtension = 1024 * 1024;  // of names and attributes

struct Field {
  std::size_t begin, size;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kChecksum{148, 8}, kMagic{257, 6}, kPrefix{345, 155};
constexpr std::size_t kType = 156, kIsExtended = 482, kMapIsExtended = 504;

std::string_view bytes(std::string_view header, Field field) { return header.substr(field.begin, field.size); }

std::string_view text(std::string_view header, Field field) {
  const auto all = bytes(header, field);
  return all.substr(0, all.find('\0'));
}

// Octal digits, or, where these do not suffice, GNU's binary number with its first bit set.
std::optional<std::uint64_t> number(std::string_view field) {
  std::uint64_t value = 0;
  if (!field.empty() && (field.front() & '\x80') != 0) {
    if (field.front() != '\x80' || field.substr(1, 3) != std::string_view("\0\0\0", 3)) return std::nullopt;
    for (const char c : field.substr(4)) value = value << 8 | static_cast<unsigned char>(c);
    return value >> 62 == 0 ? std::optional(value) : std::nullopt;
  }
  field = trim(field);
  for (const char c : field) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

bool is_zero(std::string_view block) {
  return std::all_of(block.begin(), block.end(), [](char c) { return c == '\0'; });
}

// The sum of the header's bytes, its own field taken as blanks.
bool has_checksum(std::string_view header) {
  const auto stated = number(bytes(header, kChecksum));
  std::uint64_t sum = kChecksum.size * ' ';
  for (const char c : header) sum += static_cast<unsigned char>(c);
  for (const char c : bytes(header, kChecksum)) sum -= static_cast<unsigned char>(c);
  return stated == sum;
}

std::string name_of(std::string_view header) {
  std::string name(text(header, kName));
  // GNU's own form has other things at the prefix's place.
  const auto prefix = text(header, kPrefix);
  if (bytes(header, kMagic) == std::string_view("ustar\0", 6) && !prefix.empty()) {
    name.insert(0, std::string(prefix) + "/");
  }
  return name;
}

bool is_regular(char type) { return type == '0' || type == '\0' || type == '7' || type == 'S'; }

}  // namespace

bool is_tar(std::string_view head) {
  return head.size() >= kTarBlock && has_checksum(head.substr(0, kTarBlock)) && !is_zero(head.substr(0, kTarBlock));
}

void Tar::cut_short() {
  flow_.fail({"the archive ends too early", flow_.name, "", "what came before was read"});
  left_ = padding_ = 0;
}

void Tar::skip_rest() {
  for (std::uint64_t* size : {&left_, &padding_}) {
    while (*size > 0) {
      const auto taken = packed_.take(std::min<std::uint64_t>(*size, kBlock));
      if (taken.empty()) return cut_short();
      *size -= taken.size();
    }
  }
}

std::string_view Tar::content() {
  if (left_ == 0) return {};
  const auto taken = packed_.take(std::min<std::uint64_t>(left_, kBlock));
  if (taken.empty()) {
    cut_short();
  } else {
    left_ -= taken.size();
  }
  return taken;
}

void Tar::drain() {
  while (!packed_.take().empty()) {
  }
}

std::optional<Tar::Header> Tar::read_header() {
  skip_rest();
  if (flow_.trouble) return std::nullopt;
  const auto block = packed_.peek(kTarBlock);
  if (block.size() < kTarBlock) {
    cut_short();
    return std::nullopt;
  }
  if (is_zero(block)) return std::nullopt;
  const auto size = number(bytes(block, kSize));
  if (!has_checksum(block) || !size) {
    flow_.fail({"the archive is damaged", flow_.name, "", "what came before was read"});
    return std::nullopt;
  }
  const char type = block[kType];
  Header header{name_of(block), type, *size, type == 'S' && block[kIsExtended] != '\0'};
  packed_.take(kTarBlock);
  // Links, devices and directories have no content, whatever size they state.
  expect(type >= '1' && type <= '6' ? 0 : header.size);
  return header;
}

void Tar::expect(std::uint64_t size) {
  left_ = size;
  padding_ = (kTarBlock - size % kTarBlock) % kTarBlock;
}

bool Tar::read_text(std::uint64_t size, std::string& text) {
  text.clear();
  if (size > kLongestExtension) return false;
  for (auto part = content(); !part.empty(); part = content()) text += part;
  return true;
}

// "27 path=var/log/error_log\n", one after another; the number counts itself.
void Tar::read_extended(std::string_view records) {
  while (!records.empty()) {
    std::string_view rest = records;
    const auto length = consume_number(rest);
    if (!length || *length <= 0 || static_cast<std::size_t>(*length) > records.size() || !consume(rest, " ")) return;
    const auto behind = records.substr(static_cast<std::size_t>(*length));
    auto record = rest.substr(0, rest.size() - std::min(rest.size(), behind.size() + 1));
    if (consume(record, "path=") && long_name_.empty()) long_name_ = record;
    if (consume(record, "GNU.sparse.name=")) long_name_ = record;
    if (consume(record, "size=")) {
      if (const auto size = to_number(record); size && *size >= 0) long_size_ = static_cast<std::uint64_t>(*size);
    }
    records = behind;
  }
}

// The map of an old GNU sparse file goes on in blocks before the content.
bool Tar::skip_sparse_map(bool more) {
  while (more) {
    const auto block = packed_.peek(kTarBlock);
    if (block.size() < kTarBlock) {
      cut_short();
      return false;
    }
    more = block[kMapIsExtended] != '\0';
    packed_.take(kTarBlock);
  }
  return true;
}

// What stands before a member and tells of it; false where `header` is the member's own.
bool Tar::read_about(const Header& header) {
  std::string text;
  switch (header.type) {
    case 'L':
      if (read_text(header.size, text)) long_name_ = text.substr(0, text.find('\0'));
      return true;
    case 'x':
      if (read_text(header.size, text)) read_extended(text);
      return true;
    case 'K':  // where a link leads
    case 'g':  // of all members: nothing that matters here
      return true;
    default: return false;
  }
}

std::optional<std::string> Tar::next() {
  while (auto header = read_header()) {
    if (read_about(*header)) continue;
    const std::string name = long_name_.empty() ? header->name : long_name_;
    const bool regular = is_regular(header->type) && !name.ends_with('/');
    if (regular && long_size_) expect(*long_size_);
    long_name_.clear();
    long_size_.reset();
    if (regular && skip_sparse_map(header->more_of_sparse_map)) return name;
  }
  return std::nullopt;
}

}  // namespace ahdiag
