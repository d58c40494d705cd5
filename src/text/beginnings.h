// Which of many words a text begins with. Hardly a text begins like any of them: its first byte tells nearly all apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace ahdiag {

// A word, none of them empty, and what it stands for.
template <typename Value>
struct Beginning {
  std::string_view text;
  Value value;

  [[nodiscard]] constexpr bool is_front_of(std::string_view whole) const {
    const std::size_t size = text.size();
    return whole.size() >= size && whole[size - 1] == text.back() && whole.starts_with(text);
  }
};

template <typename Value, std::size_t N>
class Beginnings {
 public:
  constexpr explicit Beginnings(const std::array<Beginning<Value>, N>& rows) {
    for (const auto& row : rows) ++begins_.at(byte_of(row.text) + 1);
    for (std::size_t byte = 0; byte < kBytes; ++byte) begins_.at(byte + 1) += begins_.at(byte);
    auto ends = begins_;
    for (const auto& row : rows) rows_.at(ends.at(byte_of(row.text))++) = row;
  }

  // The first of the table that `text` begins with; null if there is none.
  [[nodiscard]] constexpr const Beginning<Value>* find(std::string_view text) const {
    for (const auto& row : alike(text)) {
      if (row.is_front_of(text)) return &row;
    }
    return nullptr;
  }

  // Those with the same first byte, in the table's order.
  [[nodiscard]] constexpr std::span<const Beginning<Value>> alike(std::string_view text) const {
    if (text.empty()) return {};
    const std::size_t byte = byte_of(text);
    return std::span(rows_).subspan(begins_[byte], begins_[byte + 1] - begins_[byte]);
  }

 private:
  static constexpr std::size_t kBytes = 256;
  static constexpr std::size_t byte_of(std::string_view text) { return static_cast<unsigned char>(text.front()); }

  std::array<Beginning<Value>, N> rows_{};
  std::array<std::uint16_t, kBytes + 1> begins_{};  // of each byte's rows
};

// Words that all stand for the same.
template <std::size_t N>
constexpr auto beginnings(const std::array<std::string_view, N>& words) {
  std::array<Beginning<std::monostate>, N> rows{};
  for (std::size_t i = 0; i < N; ++i) rows.at(i).text = words.at(i);
  return Beginnings(rows);
}

}  // namespace ahdiag
