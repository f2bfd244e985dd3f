// What a command prints: text and tables for people, JSON for programs, and a
// line of progress on a terminal.
//
// Results go to standard output, progress and errors to standard error. Colour
// only on a terminal, and not where NO_COLOR is set.
//
// Thread contract: one thread at a time.
#ifndef DOPPEL_TOOLS_CLI_CONSOLE_H_
#define DOPPEL_TOOLS_CLI_CONSOLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace doppel::cli {

enum class Colour { kPlain, kBold, kDim, kGreen, kYellow, kRed, kCyan };

class Console {
 public:
  // Whether --output json was asked for.
  explicit Console(bool json);

  bool json() const { return json_; }
  // Whether a person looks at standard error.
  bool interactive() const { return interactive_; }

  // A line on standard output.
  void Print(absl::string_view line) const;
  // A message as one line of JSON, its fields as in the .proto.
  void PrintJson(const google::protobuf::Message& message) const;

  // `text` in that colour where standard output shows colours.
  std::string Paint(Colour colour, absl::string_view text) const;

  // Writes over the last line of progress; nothing where nobody looks.
  void Progress(absl::string_view line);
  // Takes the line of progress away.
  void EndProgress();

  // A line on standard error.
  void Note(absl::string_view line);

 private:
  const bool json_;
  const bool colours_;
  const bool interactive_;
  bool progress_shown_ = false;
};

// Columns that line up.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  void AddRow(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  void PrintTo(const Console& console) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// "1.4 MB".
std::string HumanBytes(int64_t bytes);

// "1 node", "2 nodes", "2 copies".
std::string Count(int64_t count, absl::string_view noun);

}  // namespace doppel::cli

#endif  // DOPPEL_TOOLS_CLI_CONSOLE_H_
