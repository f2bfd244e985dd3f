// What profiles.yml says, as a tree that any thread may read (yaml-cpp's own
// nodes may not even be read from two threads).
//
// Thread contract: a value; safe to read from any thread.
#ifndef DOPPEL_SERVICE_WAREHOUSE_PROFILES_VALUE_H_
#define DOPPEL_SERVICE_WAREHOUSE_PROFILES_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace doppel::warehouse::profiles {

struct Value {
  enum class Kind : uint8_t { kNull, kText, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;  // of a scalar, as it is written
  std::vector<Value> items;
  std::vector<std::pair<std::string, Value>> members;  // in the file's order
  int line = 0;                                        // from 1

  // The member of a map; null where there is none, or it is null.
  const Value* Find(absl::string_view key) const;

  // The member's text, or "" for none and for what is no scalar.
  std::string Text(absl::string_view key) const;

  // Whether it is one of YAML 1.1's words for true, which dbt reads.
  bool IsTrue() const;
};

// The document, its anchors and merge keys ("<<") resolved as dbt's own reader
// does; the last of two equal keys counts. FAILED_PRECONDITION
// PROFILES_INVALID, naming `path` and the line.
absl::StatusOr<Value> ParseYaml(const std::string& text,
                                absl::string_view path);

}  // namespace doppel::warehouse::profiles

#endif  // DOPPEL_SERVICE_WAREHOUSE_PROFILES_VALUE_H_
