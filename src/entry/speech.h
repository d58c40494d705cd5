// Where httpd begins to speak on a line that others wrote around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "entry/noise.h"

namespace ahdiag {

// `text` begins the way httpd, its control script or a service manager begins an entry.
bool begins_entry(std::string_view text);

// What a line without frame and indentation begins with, found out when it is asked for, and once.
class Opening {
 public:
  explicit Opening(std::string_view text) : text_(text) {}
  [[nodiscard]] std::string_view text() const { return text_; }
  bool begins_entry() { return begins_ ? *begins_ : begins_.emplace(ahdiag::begins_entry(text_)); }
  Noise noise() { return noise_ ? *noise_ : noise_.emplace(noise_of(text_)); }

 private:
  std::string_view text_;
  std::optional<bool> begins_;
  std::optional<Noise> noise_;
};

// Offset of the first such beginning inside `text` ("Starting httpd: AH00526: …"); npos if there is none.
std::size_t find_entry(std::string_view text);

// A configuration error whose reason stands on the next line: "AH00526: Syntax error on line 11 of /etc/x.conf:".
bool awaits_reason(std::string_view text);

// "Syntax error on line 36 of", cut before a long path.
bool awaits_file(std::string_view text);

// What an entry that is cut off so plainly waits for on the next line.
enum class Awaits : std::uint8_t { nothing, reason, file, message };
Awaits awaits(std::string_view text);

// Offset of a second entry in start-up form on the same line ("AH00557: … AH00558: …"); npos if there is none.
std::size_t find_second_entry(std::string_view text);

// A header or status with nothing after it yet: the words were wrapped to the next line.
bool awaits_message(std::string_view text);

}  // namespace ahdiag
