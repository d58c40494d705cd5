#include "text/shell.h"

#include "text/ascii.h"

namespace ahdiag {
namespace {

template <typename Plain>
bool all_of(std::string_view text, Plain plain) {
  for (const char c : text) {
    if (!plain(c)) return false;
  }
  return !text.empty();
}

constexpr bool is_plain(char c) {
  return is_alnum(c) || std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string doubled(std::string_view text, std::string_view which) {
  std::string out;
  for (const char c : text) {
    if (which.find(c) != std::string_view::npos) out += c;
    out += c;
  }
  return out;
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (all_of(word, is_plain)) return std::string(word);
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string shell_line(std::span<const std::string> argv) {
  std::string line;
  for (const auto& word : argv) {
    if (!line.empty()) line += ' ';
    line += shell_word(word);
  }
  return line;
}

std::string here_document(std::string_view content) {
  const std::string body = "\n" + std::string(content);
  std::string delimiter = "EOF";
  while (contains(body, "\n" + delimiter + "\n")) delimiter += "_";
  return "<<'" + delimiter + "'" + body + delimiter + "\n";
}

std::string unit_word(std::string_view word) {
  const std::string inert = doubled(word, "%$");
  const auto plain = [](char c) { return is_plain(c) || c == '$'; };
  return all_of(inert, plain) ? inert : double_quoted(inert);
}

std::string tmpfiles_field(std::string_view field) {
  const std::string inert = doubled(field, "%");
  return all_of(inert, is_plain) ? inert : double_quoted(inert);
}

std::string httpd_argument(std::string_view argument) {
  return all_of(argument, is_plain) ? std::string(argument) : double_quoted(argument);
}

}  // namespace ahdiag
