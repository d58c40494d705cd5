// The members of a tar, as they come. Nothing is written and no path or link in it is followed: names are names.
// Sources: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "input/stream.h"

namespace ahdiag {

inline constexpr std::size_t kTarBlock = 512;

// A tar's first header, by its checksum; an empty tar is one as well.
bool is_tar(std::string_view head);

class Tar {
 public:
  // Damage and a cut are told to `flow`.
  Tar(Stream& packed, Flow& flow) : packed_(packed), flow_(flow) {}

  // The next member that is a regular file: its path; nothing at the end. Old member views are no longer valid.
  std::optional<std::string> next();
  // The content of that member, block by block; an empty one at its end. Holes of sparse files are left out.
  std::string_view content();
  // Behind the end mark nothing counts, but what packs the tar has its checksum there.
  void drain();

 private:
  struct Header {
    std::string name;
    char type = '0';
    std::uint64_t size = 0;
    bool more_of_sparse_map = false;
  };
  std::optional<Header> read_header();
  bool read_about(const Header& header);
  bool read_text(std::uint64_t size, std::string& text);
  void read_extended(std::string_view records);
  void expect(std::uint64_t size);
  void skip_rest();
  bool skip_sparse_map(bool more);
  void cut_short();

  Stream& packed_;
  Flow& flow_;
  std::uint64_t left_ = 0;     // of the member's content
  std::uint64_t padding_ = 0;  // to the next header
  // What an extended header says of the member after it.
  std::string long_name_;
  std::optional<std::uint64_t> long_size_;
};

}  // namespace ahdiag
