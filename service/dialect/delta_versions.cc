#include "service/dialect/delta_versions.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace doppel::dialect {
namespace {

constexpr absl::string_view kFiles = "delta.deletedFileRetentionDuration";
constexpr absl::string_view kLog = "delta.logRetentionDuration";
constexpr absl::Duration kFilesKept = absl::Hours(7 * 24);
constexpr absl::Duration kLogKept = absl::Hours(30 * 24);

// What Delta says of a table and lets nobody set. Of the features of its
// protocol, those that it needs come by themselves, but for one.
constexpr absl::string_view kDefaults = "delta.feature.allowColumnDefaults";
constexpr absl::string_view kNotSet[] = {
    "clusteringColumns",
    "delta.columnMapping.maxColumnId",
    "delta.feature.",
    "delta.inCommitTimestampEnablement",
    "delta.minReaderVersion",
    "delta.minWriterVersion",
    "delta.rowTracking.materialized",
};

// What says of the columns what those of another definition need not have.
constexpr absl::string_view kOfColumns[] = {"delta.columnMapping.",
                                            "delta.constraints."};

template <typename Prefixes>
bool HasPrefix(absl::string_view name, const Prefixes& prefixes) {
  return std::any_of(
      std::begin(prefixes), std::end(prefixes),
      [&](absl::string_view prefix) { return absl::StartsWith(name, prefix); });
}

bool CanBeSet(absl::string_view name) {
  return name == kDefaults || !HasPrefix(name, kNotSet);
}

// Spark's string literals: a backslash escapes.
std::string Text(absl::string_view text) {
  return absl::StrCat(
      "'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

std::optional<absl::Duration> UnitOf(absl::string_view word) {
  absl::ConsumeSuffix(&word, "s");
  if (word == "week") return absl::Hours(7 * 24);
  if (word == "day") return absl::Hours(24);
  if (word == "hour") return absl::Hours(1);
  if (word == "minute") return absl::Minutes(1);
  if (word == "second") return absl::Seconds(1);
  return std::nullopt;
}

// "interval 1 week", "7 days 12 hours".
std::optional<absl::Duration> DurationOf(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  std::vector<absl::string_view> words =
      absl::StrSplit(lower, ' ', absl::SkipWhitespace());
  if (!words.empty() && words[0] == "interval") words.erase(words.begin());
  if (words.empty() || words.size() % 2 != 0) return std::nullopt;
  absl::Duration sum;
  for (size_t i = 0; i < words.size(); i += 2) {
    int64_t count = 0;
    const std::optional<absl::Duration> unit = UnitOf(words[i + 1]);
    if (!absl::SimpleAtoi(words[i], &count) || !unit.has_value()) {
      return std::nullopt;
    }
    sum += count * *unit;
  }
  return sum;
}

// Whether the table must be of a later protocol, or have more of its features.
bool RaisesProtocol(const DeltaProperties& source,
                    const absl::flat_hash_map<std::string, std::string>& now) {
  return std::any_of(source.begin(), source.end(), [&](const auto& property) {
    const auto found = now.find(property.first);
    if (absl::StartsWith(property.first, "delta.feature.")) {
      return found == now.end();
    }
    int wanted = 0;
    int has = 0;
    return absl::StartsWith(property.first, "delta.min") &&
           found != now.end() && absl::SimpleAtoi(property.second, &wanted) &&
           absl::SimpleAtoi(found->second, &has) && wanted > has;
  });
}

std::optional<absl::Duration> Kept(const DeltaProperties& properties,
                                   absl::string_view name,
                                   absl::Duration otherwise) {
  for (const auto& [key, value] : properties) {
    if (key == name) return DurationOf(value);
  }
  return otherwise;
}

}  // namespace

DeltaProperties MergedProperties(const DeltaProperties& source,
                                 const DeltaProperties& standing) {
  std::map<std::string, std::string> merged;
  for (const auto& [name, value] : source) {
    if (CanBeSet(name)) merged.emplace(name, value);
  }
  for (const auto& [name, value] : standing) {
    if (!HasPrefix(name, kNotSet) && !HasPrefix(name, kOfColumns)) {
      merged.emplace(name, value);
    }
  }
  return {merged.begin(), merged.end()};
}

std::string DeltaClauses(const RelationDetails& source,
                         const RelationDetails& standing) {
  std::string clauses = "using delta";
  if (!source.layout.empty()) absl::StrAppend(&clauses, " ", source.layout);
  const std::string& comment =
      source.comment.empty() ? standing.comment : source.comment;
  if (!comment.empty()) absl::StrAppend(&clauses, " comment ", Text(comment));
  const DeltaProperties properties =
      MergedProperties(source.properties, standing.properties);
  if (properties.empty()) return clauses;
  absl::StrAppend(&clauses, " tblproperties (",
                  absl::StrJoin(properties, ", ",
                                [](std::string* out, const auto& one) {
                                  absl::StrAppend(out, Text(one.first), " = ",
                                                  Text(one.second));
                                }),
                  ")");
  return clauses;
}

std::vector<std::string> ChangedProperties(const DeltaProperties& source,
                                           const DeltaProperties& standing) {
  absl::flat_hash_map<std::string, std::string> before(standing.begin(),
                                                       standing.end());
  std::vector<std::string> changed;
  for (const auto& [name, value] : MergedProperties(source, standing)) {
    const auto found = before.find(name);
    if (found == before.end() || found->second == value) continue;
    changed.push_back(
        absl::StrCat(name, ": was ", found->second, ", will be ", value));
  }
  if (RaisesProtocol(source, before)) {
    changed.emplace_back(
        "its protocol is raised to that of the source, which the way back does "
        "not undo");
  }
  return changed;
}

std::optional<absl::Duration> VersionsKeptFor(
    const DeltaProperties& properties) {
  const auto files = Kept(properties, kFiles, kFilesKept);
  const auto log = Kept(properties, kLog, kLogKept);
  if (!files.has_value() || !log.has_value()) return std::nullopt;
  return std::min(*files, *log);
}

}  // namespace doppel::dialect
