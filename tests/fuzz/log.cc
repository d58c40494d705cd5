#include <algorithm>
#include <array>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/intake.h"
#include "cli/run.h"
#include "input/stream.h"
#include "targets.h"

namespace ahdiag::fuzz {
namespace {

const RuleBook& book() {
  static const auto rules = [] {
    Problems problems;
    auto loaded = load_rules("", problems);
    must(problems.empty(), "the rules compiled in can be read");
    return loaded;
  }();
  return rules.book;
}

// Takes the place of chance: the same bytes are always read in the same way.
std::size_t choice(std::string_view bytes) { return std::hash<std::string_view>{}(bytes); }

// In pieces, as from a pipe.
Feed in_pieces(std::string_view bytes, std::size_t size) {
  return [bytes, size](const Listener& listener) {
    listener.begin("log");
    std::size_t at = 0;
    listener.text([&](Buffer& buffer) -> std::string_view {
      const auto piece = bytes.substr(at, std::min(size, kBlock));
      at += piece.size();
      if (!buffer) buffer = make_buffer();
      std::ranges::copy(piece, buffer->block());
      return {buffer->block(), piece.size()};
    });
    listener.end({bytes.size(), 0, std::nullopt});
  };
}

// Each line by itself, taken apart anew, with nothing remembered: no short way is taken.
Report slowly(std::string_view bytes, const Request& request) {
  Report report;
  Problems problems;
  Signs signs(book().signs());
  Collector collector(book(), signs);
  Intake intake(request.log_formats, request.period,
                [&](const Entry& entry, std::string_view around, const std::string&) {
                  if (entry.about == About::message) collector.entry(entry, around);
                });
  const Listener listener = intake.listener();
  listener.begin("log");
  Splitter splitter(listener.line);
  splitter.block(bytes);
  splitter.finish();
  listener.end({bytes.size(), splitter.lines(), std::nullopt});
  report.inputs = intake.rows();
  conclude(book(), signs, collector.finish(), request, report, problems);
  return report;
}

// What repeats itself is remembered only in a log of some length.
std::string repeated(std::string_view bytes) {
  constexpr std::size_t kLines = 450, kMost = 512 * 1024;
  const auto lines = static_cast<std::size_t>(std::ranges::count(bytes, '\n')) + 1;
  std::string all(bytes);
  for (std::size_t n = lines; n < kLines && all.size() < kMost; n += lines) {
    all += '\n';
    all += bytes;
  }
  return all;
}

void must_be_sound(const Report& report, const std::string& json) {
  must(nlohmann::json::accept(json), "the report is JSON");
  must_be_printable(json, "JSON without control characters");
  must_be_printable(to_text(report, {}), "text without control characters");
  must_be_printable(to_script(report), "a script without control characters");
  must_be_printable(to_playbook(report), "a playbook without control characters");
  must_be_printable(to_markdown(report), "Markdown without control characters");
  must_be_printable(to_html(report), "a page without control characters");
  must(nlohmann::json::accept(to_sarif(report)), "SARIF is JSON");
}

}  // namespace

void log(std::string_view bytes) {
  constexpr std::array<std::size_t, 4> kSizes = {1, 7, 4096, kBlock};
  const std::string text = choice(bytes) / 7 % 4 == 0 ? repeated(bytes) : std::string(bytes);
  Request request;
  request.redact = choice(text) / kSizes.size() % 4 == 0;
  request.threads = choice(text) / kSizes.size() % 5 == 0 ? 2 : 1;
  Problems problems;
  const Report report = diagnose(book(), in_pieces(text, kSizes.at(choice(text) % kSizes.size())), request, problems);
  const std::string json = to_json(report);
  must_be_sound(report, json);
  const std::string other = to_json(slowly(text, request));
  if (json != other) std::cerr << json << "\n---- read slowly:\n" << other << '\n';
  must(json == other, "the short way and the long one come to the same report");
}

}  // namespace ahdiag::fuzz
