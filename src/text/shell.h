// An argv as text: for people to paste into a POSIX shell, and inside the files a plan writes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ahdiag {

// One word, quoted only where a POSIX shell needs it. Any bytes but NUL come out of the shell as they went in.
std::string shell_word(std::string_view word);
std::string shell_line(std::span<const std::string> argv);

// What follows a command to give it `content` as standard input: <<'EOF' and all lines, to the last newline. The
// content ends in a newline.
std::string here_document(std::string_view content);

// One word of an Exec line in a systemd unit: specifiers (%), variables ($) and quotes lose their meaning.
// Source: systemd.service(5), "COMMAND LINES"; systemd.unit(5), "SPECIFIERS".
std::string unit_word(std::string_view word);

// One field of a tmpfiles.d line: specifiers (%) and blanks lose their meaning. Source: tmpfiles.d(5).
std::string tmpfiles_field(std::string_view field);

// One argument of an httpd directive. Source: httpd server/util.c, ap_getword_conf.
std::string httpd_argument(std::string_view argument);

}  // namespace ahdiag
