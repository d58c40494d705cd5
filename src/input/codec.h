// gzip, bzip2, xz and zstd, recognised by their first bytes and unpacked as they come.
//
// By their own libraries: libarchive, which wraps them all, gives nothing of the last 64 KiB before damage (a small
// log cut short is lost whole), does not look at gzip's checksum, and brings libxml2 and ICU into each start.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "input/stream.h"

namespace ahdiag {

enum class Codec { gzip, bzip2, xz, zstd };

// Of bytes that begin so; `head` needs no more than kCodecHead bytes.
inline constexpr std::size_t kCodecHead = 10;
std::optional<Codec> codec_of(std::string_view head);

class Decoder;  // one library's state

// The bytes inside. Members that follow one another (cat a.gz b.gz, pigz, pzstd) are read as one. Damage, a cut and
// a bomb end it, told to `flow`, after all that could be unpacked.
class Unpacker {
 public:
  Unpacker(Codec codec, Stream& packed, Flow& flow);
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker();

  std::string_view next();

 private:
  std::size_t fill();
  bool begin_member();
  // Without help: how to unpack it by hand.
  void end(std::string_view what, std::string help = {});

  Codec codec_;
  Stream& packed_;
  Flow& flow_;
  std::unique_ptr<Decoder> decoder_;  // none between members
  bool ended_ = false;
  std::unique_ptr<char[]> buffer_;  // NOLINT(modernize-avoid-c-arrays)
};

}  // namespace ahdiag
