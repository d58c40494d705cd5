#include "input/codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "input/decoder.h"

namespace ahdiag {
namespace {

using namespace std::string_view_literals;

struct Format {
  Codec codec;
  std::string_view magic, name;
  std::string_view by_hand;  // the command that unpacks it to a pipe
};
// Sources: RFC 1952 (with its only method, 8), bzip2 and xz file format, RFC 8878. In the order of Codec.
constexpr std::array<Format, 4> kFormats = {{{Codec::gzip, "\x1f\x8b\x08"sv, "gzip", "gzip -dc"},
                                             {Codec::bzip2, "BZh"sv, "bzip2", "bzip2 -dc"},
                                             {Codec::xz,
                                              "\xfd"
                                              "7zXZ\0"sv,
                                              "xz", "xz -dc"},
                                             {Codec::zstd, "\x28\xb5\x2f\xfd"sv, "zstd", "zstd -dc --long=31"}}};

const Format& format_of(Codec codec) { return kFormats.at(static_cast<std::size_t>(codec)); }

// A frame that holds something for others: pzstd begins with one.
bool is_skippable_frame(std::string_view head) {
  return head.size() >= 4 && (head[0] & '\xf0') == '\x50' && head.substr(1, 3) == "\x2a\x4d\x18"sv;
}

// "BZh9" could begin a line; a block's or the end's magic after it could not.
bool is_bzip2(std::string_view head) {
  if (head.size() == 3) return true;  // cut there
  if (head[3] < '1' || head[3] > '9') return false;
  const auto block = head.substr(4, 6);
  return "1AY&SY"sv.starts_with(block) || "\x17\x72\x45\x38\x50\x90"sv.starts_with(block);
}

bool begins(const Format& format, std::string_view head) {
  if (format.codec == Codec::zstd && is_skippable_frame(head)) return true;
  // What was cut within its magic is not mistaken for text.
  if (head.size() < format.magic.size()) return head.size() >= 2 && format.magic.starts_with(head);
  return head.starts_with(format.magic) && (format.codec != Codec::bzip2 || is_bzip2(head));
}

}  // namespace

std::optional<Codec> codec_of(std::string_view head) {
  for (const auto& format : kFormats) {
    if (begins(format, head)) return format.codec;
  }
  return std::nullopt;
}

Unpacker::Unpacker(Codec codec, Stream& packed, Flow& flow)
    : codec_(codec),
      packed_(packed),
      flow_(flow),
      decoder_(make_decoder(codec)),
      buffer_(std::make_unique<char[]>(kBlock)) {}  // NOLINT(modernize-avoid-c-arrays)

Unpacker::~Unpacker() = default;

std::string_view Unpacker::next() {
  const std::size_t made = ended_ ? 0 : fill();
  flow_.budget.unpacked += made;
  if (flow_.budget.spent()) {
    end(fmt::format("unpack to over {} times their size: not read to their end", Budget::kRatio));
  }
  return {buffer_.get(), made};
}

std::size_t Unpacker::fill() {
  Window window{{}, buffer_.get(), kBlock};
  while (window.room > 0 && !ended_) {
    if (!decoder_ && !begin_member()) break;
    window.in = packed_.ahead();
    const std::size_t given = window.in.size(), room = window.room;
    const Progress progress = decoder_->step(window);
    const std::size_t taken = given - window.in.size();
    packed_.take(taken);
    if (progress == Progress::member_ends) decoder_.reset();
    if (progress == Progress::too_much_memory) end("take too much memory to unpack here");
    if (progress == Progress::damaged) end("are damaged", "what could be unpacked before was read");
    const bool stuck = taken == 0 && window.room == room;
    if (progress == Progress::goes_on && stuck) {
      end(given == 0 ? "end too early" : "are damaged", "what could be unpacked before was read");
    }
  }
  return kBlock - window.room;
}

// Between members: the next one, or the end.
bool Unpacker::begin_member() {
  for (auto block = packed_.ahead(); !block.empty() && block.front() == '\0'; block = packed_.ahead()) {
    // gzip and xz fill up with zeros to the end of a tape's or a disk's block.
    packed_.take(std::min(block.find_first_not_of('\0'), block.size()));
  }
  const auto head = packed_.peek(kCodecHead);
  if (head.empty()) {
    ended_ = true;
  } else if (codec_of(head) == codec_) {
    decoder_ = make_decoder(codec_);
  } else {
    end("are followed by other bytes", "those were left out");
  }
  return !ended_;
}

void Unpacker::end(std::string_view what, std::string help) {
  const auto& format = format_of(codec_);
  if (help.empty()) help = std::string(format.by_hand) + " FILE | ahdiag";
  flow_.fail({fmt::format("the {} data {}", format.name, what), flow_.name, "", std::move(help)});
  ended_ = true;
}

}  // namespace ahdiag
