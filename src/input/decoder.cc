#include "input/decoder.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <limits>
#include <new>

namespace ahdiag {
namespace {

// The libraries want bytes without sign, some of them without const, and count in unsigned int: blocks are small.
template <typename Byte>
Byte* bytes_of(std::string_view text) {
  return reinterpret_cast<Byte*>(const_cast<char*>(text.data()));  // NOLINT: their interface, they only read
}

template <typename Byte>
Byte* bytes_of(char* text) {
  return reinterpret_cast<Byte*>(text);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

unsigned counted(std::size_t size) { return static_cast<unsigned>(size); }

void advance(Window& window, std::size_t left_in, std::size_t left_room) {
  window.in.remove_prefix(window.in.size() - left_in);
  window.out += window.room - left_room;
  window.room = left_room;
}

class Gzip : public Decoder {
 public:
  Gzip() {
    constexpr int kWithGzipHeader = 16;
    if (::inflateInit2(&stream_, MAX_WBITS + kWithGzipHeader) != Z_OK) throw std::bad_alloc();
  }
  ~Gzip() override { ::inflateEnd(&stream_); }

  Progress step(Window& window) override {
    stream_.next_in = bytes_of<Bytef>(window.in);
    stream_.avail_in = counted(window.in.size());
    stream_.next_out = bytes_of<Bytef>(window.out);
    stream_.avail_out = counted(window.room);
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    advance(window, stream_.avail_in, stream_.avail_out);
    if (result == Z_STREAM_END) return Progress::member_ends;
    return result == Z_OK || result == Z_BUF_ERROR ? Progress::goes_on : Progress::damaged;
  }

 private:
  z_stream stream_{};
};

class Bzip2 : public Decoder {
 public:
  Bzip2() {
    if (::BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) throw std::bad_alloc();
  }
  ~Bzip2() override { ::BZ2_bzDecompressEnd(&stream_); }

  Progress step(Window& window) override {
    stream_.next_in = bytes_of<char>(window.in);
    stream_.avail_in = counted(window.in.size());
    stream_.next_out = window.out;
    stream_.avail_out = counted(window.room);
    const int result = ::BZ2_bzDecompress(&stream_);
    advance(window, stream_.avail_in, stream_.avail_out);
    if (result == BZ_STREAM_END) return Progress::member_ends;
    return result == BZ_OK ? Progress::goes_on : Progress::damaged;
  }

 private:
  bz_stream stream_{};
};

class Xz : public Decoder {
 public:
  Xz() {
    if (::lzma_stream_decoder(&stream_, kMostMemory, 0) != LZMA_OK) throw std::bad_alloc();
  }
  ~Xz() override { ::lzma_end(&stream_); }

  Progress step(Window& window) override {
    stream_.next_in = bytes_of<const std::uint8_t>(window.in);
    stream_.avail_in = window.in.size();
    stream_.next_out = bytes_of<std::uint8_t>(window.out);
    stream_.avail_out = window.room;
    const lzma_ret result = ::lzma_code(&stream_, LZMA_RUN);
    advance(window, stream_.avail_in, stream_.avail_out);
    switch (result) {
      case LZMA_STREAM_END: return Progress::member_ends;
      case LZMA_OK:
      case LZMA_BUF_ERROR: return Progress::goes_on;
      case LZMA_MEMLIMIT_ERROR: return Progress::too_much_memory;
      default: return Progress::damaged;
    }
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class Zstd : public Decoder {
 public:
  Zstd() : stream_(::ZSTD_createDStream()) {  // its own limit is a window of 128 MiB
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;
  ~Zstd() override { ::ZSTD_freeDStream(stream_); }

  Progress step(Window& window) override {
    ZSTD_inBuffer in{window.in.data(), window.in.size(), 0};
    ZSTD_outBuffer out{window.out, window.room, 0};
    const std::size_t result = ::ZSTD_decompressStream(stream_, &out, &in);
    advance(window, in.size - in.pos, out.size - out.pos);
    if (::ZSTD_isError(result) == 0) return result == 0 ? Progress::member_ends : Progress::goes_on;
    return ::ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge ? Progress::too_much_memory
                                                                                   : Progress::damaged;
  }

 private:
  ZSTD_DStream* stream_;
};

}  // namespace

static_assert(kBlock <= std::numeric_limits<unsigned>::max());

std::unique_ptr<Decoder> make_decoder(Codec codec) {
  switch (codec) {
    case Codec::gzip: return std::make_unique<Gzip>();
    case Codec::bzip2: return std::make_unique<Bzip2>();
    case Codec::xz: return std::make_unique<Xz>();
    case Codec::zstd: return std::make_unique<Zstd>();
  }
  return nullptr;
}

}  // namespace ahdiag
