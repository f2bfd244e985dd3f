#include "tools/cli/console.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace doppel::cli {
namespace {

bool WantsColour(int descriptor) {
  return isatty(descriptor) != 0 && std::getenv("NO_COLOR") == nullptr;
}

// Columns on a terminal, taking each character for one wide and the colours
// for none.
size_t Width(absl::string_view text) {
  size_t width = 0;
  bool in_escape = false;
  for (const char c : text) {
    if (c == '\x1b') in_escape = true;
    if (!in_escape && (c & 0xC0) != 0x80) ++width;
    if (in_escape && c == 'm') in_escape = false;
  }
  return width;
}

std::string Join(const std::vector<std::string>& cells,
                 const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 == cells.size()) break;
    line.append(widths[i] - Width(cells[i]) + 2, ' ');
  }
  return line;
}

}  // namespace

Console::Console(bool json)
    : json_(json),
      colours_(!json && WantsColour(STDOUT_FILENO)),
      interactive_(isatty(STDERR_FILENO) != 0) {}

void Console::Print(absl::string_view line) const {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

void Console::PrintJson(const google::protobuf::Message& message) const {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string text;
  // Fails only for an Any of an unknown type, which no answer holds.
  if (!google::protobuf::util::MessageToJsonString(message, &text, options)
           .ok()) {
    text = "{}";
  }
  Print(text);
}

std::string Console::Paint(Colour colour, absl::string_view text) const {
  if (!colours_ || colour == Colour::kPlain) return std::string(text);
  constexpr const char* kCodes[] = {"", "1", "2", "32", "33", "31", "36"};
  return absl::StrCat("\x1b[", kCodes[static_cast<int>(colour)], "m", text,
                      "\x1b[0m");
}

void Console::Progress(absl::string_view line) {
  if (!interactive_) return;
  std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(line.size()),
               line.data());
  std::fflush(stderr);
  progress_shown_ = true;
}

void Console::EndProgress() {
  if (!progress_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  progress_shown_ = false;
}

void Console::Note(absl::string_view line) {
  EndProgress();
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

Table::Table(std::vector<std::string> header) : header_(std::move(header)) {}

void Table::AddRow(std::vector<std::string> row) {
  rows_.push_back(std::move(row));
}

void Table::PrintTo(const Console& console) const {
  std::vector<size_t> widths(header_.size());
  for (size_t i = 0; i < header_.size(); ++i) widths[i] = Width(header_[i]);
  for (const std::vector<std::string>& row : rows_) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Width(row[i]));
    }
  }
  console.Print(console.Paint(Colour::kBold, Join(header_, widths)));
  for (const std::vector<std::string>& row : rows_) {
    console.Print(Join(row, widths));
  }
}

std::string HumanBytes(int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB"};
  auto value = static_cast<double>(bytes);
  int unit = 0;
  while (value >= 1000 && unit < 3) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? absl::StrCat(bytes, " B")
                   : absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

std::string Count(int64_t count, absl::string_view noun) {
  if (count == 1) return absl::StrCat(count, " ", noun);
  if (absl::ConsumeSuffix(&noun, "y")) {
    return absl::StrCat(count, " ", noun, "ies");
  }
  return absl::StrCat(count, " ", noun, "s");
}

}  // namespace doppel::cli
