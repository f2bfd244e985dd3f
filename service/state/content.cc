#include "service/state/content.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "service/state/field.h"
#include "service/state/rendering.h"
#include "service/state/source_text.h"
#include "service/state/unrendered_config.h"

namespace doppel::state {

using manifest::JsonValue;
using manifest::Node;
using manifest::ResourceType;

namespace {

// For seeds dbt compares the files' checksums; two "none" are never equal.
bool SameBody(const Node& older, const Node& current) {
  if (current.type != ResourceType::kSeed) return older.body == current.body;
  return older.checksum_name == current.checksum_name &&
         older.checksum == current.checksum && current.checksum_name != "none";
}

bool SameObject(const JsonValue* a, const JsonValue* b) {
  if (a == nullptr || b == nullptr) {
    const JsonValue* there = a == nullptr ? b : a;
    return there == nullptr || there->members().empty();
  }
  return *a == *b;
}

bool ComparesRenderedConfig(ResourceType type) {
  return type == ResourceType::kSemanticModel ||
         type == ResourceType::kSavedQuery;
}

bool PersistsDocs(const Node& node, absl::string_view of) {
  if (node.config == nullptr || node.type == ResourceType::kTest) return false;
  const JsonValue* persist_docs = node.config->Find("persist_docs");
  if (persist_docs == nullptr) return false;
  const JsonValue* value = persist_docs->Find(of);
  return value != nullptr && value->Truthy();
}

// Columns whose persisted description differs, sorted; a column that only one
// side has counts.
std::vector<std::string> RedescribedColumns(const Sides& sides,
                                            const Node& older,
                                            const Node& current) {
  std::vector<std::string> different;
  if (sides.older.text().at(older.columns) ==
      sides.current.text().at(current.columns)) {
    return different;
  }
  const Columns before = ReadColumns(sides.older, older);
  const Columns after = ReadColumns(sides.current, current);
  std::set<std::string> keys;
  for (const auto& [key, column] : before) keys.insert(key);
  for (const auto& [key, column] : after) keys.insert(key);
  for (const std::string& key : keys) {
    auto a = before.find(key);
    auto b = after.find(key);
    if (a == before.end() || b == after.end() ||
        a->second.description != b->second.description) {
      different.push_back(key);
    }
  }
  return different;
}

bool SameDescription(const Sides& sides, const Node& older,
                     const Node& current) {
  if (PersistsDocs(current, "relation") &&
      older.description != current.description) {
    return false;
  }
  return !PersistsDocs(current, "columns") ||
         RedescribedColumns(sides, older, current).empty();
}

bool SameFqn(const Node& older, const Node& current) {
  return older.fqn_fingerprint == current.fqn_fingerprint;
}

// Config and relation of a code node: both are in its unrendered config.
Differences CompareConfigured(const Sides& sides, const Node& older,
                              const Node& current) {
  if (SameObject(older.unrendered_config, current.unrendered_config) &&
      (older.body == current.body ||
       (!sides.reread_older && !sides.reread_current))) {
    return 0;
  }
  const ConfigView before(sides.older, older, sides.reread_older);
  const ConfigView after(sides.current, current, sides.reread_current);
  Differences differences = 0;
  if (!DifferentConfigKeys(current.type, before, after).empty()) {
    differences |= kDifferentConfig;
  }
  if (!DifferentRelationKeys(before, after).empty()) {
    differences |= kDifferentRelation;
  }
  return differences;
}

Differences CompareCodeNode(const Sides& sides, const Node& older,
                            const Node& current) {
  Differences differences = CompareConfigured(sides, older, current);
  if (!SameBody(older, current)) differences |= kDifferentBody;
  if (!SameDescription(sides, older, current)) {
    differences |= kDifferentDescription;
  }
  return differences;
}

bool SameConfig(const Sides& sides, const Node& older, const Node& current) {
  if (ComparesRenderedConfig(current.type)) {
    return SameObject(older.config, current.config) ||
           DifferentRenderedKeys(older.config, current.config).empty();
  }
  if (SameObject(older.unrendered_config, current.unrendered_config)) {
    return true;
  }
  return DifferentConfigKeys(current.type,
                             ConfigView(sides.older, older, false),
                             ConfigView(sides.current, current, false))
      .empty();
}

class CauseList {
 public:
  void Add(CauseKind kind, absl::string_view subject, std::string detail,
           bool from_environment = false) {
    Cause cause;
    cause.kind = kind;
    cause.subject = std::string(subject);
    cause.detail = std::move(detail);
    cause.from_environment = from_environment;
    causes_.push_back(std::move(cause));
  }
  void Append(std::vector<Cause> more) {
    std::move(more.begin(), more.end(), std::back_inserter(causes_));
  }
  std::vector<Cause> Take() { return std::move(causes_); }

 private:
  std::vector<Cause> causes_;
};

// The first line that differs: "line 3: a -> b".
std::string FirstDifferentLine(absl::string_view older,
                               absl::string_view current) {
  const std::vector<absl::string_view> before = absl::StrSplit(older, '\n');
  const std::vector<absl::string_view> after = absl::StrSplit(current, '\n');
  size_t line = 0;
  while (line < before.size() && line < after.size() &&
         before[line] == after[line]) {
    ++line;
  }
  auto text = [line](const std::vector<absl::string_view>& lines) {
    return line < lines.size() ? lines[line] : "(end)";
  };
  return absl::StrCat("line ", line + 1, ": ",
                      ChangeText(text(before), text(after)));
}

void AddBodyCause(const Sides& sides, const Node& older, const Node& current,
                  CauseList& causes) {
  if (current.type != ResourceType::kSeed) {
    causes.Add(CauseKind::kBody, "",
               FirstDifferentLine(ReadRawCode(sides.older, older),
                                  ReadRawCode(sides.current, current)));
    return;
  }
  auto checksum = [](const Node& node) {
    return absl::StrCat(node.checksum_name, ":",
                        node.checksum_name == "path"
                            ? node.checksum
                            : node.checksum.substr(0, 12));
  };
  causes.Add(CauseKind::kBody, "",
             ChangeText(checksum(older), checksum(current)));
}

std::string JsonOf(const JsonValue* object, absl::string_view key) {
  ConfigEntry entry;
  if (object != nullptr) entry.value = object->Find(key);
  return entry.ToJson();
}

// For a key of the unrendered config that differs.
void AddConfigured(const Sides& sides, const Node& older, const Node& current,
                   CauseKind kind, absl::string_view key,
                   const ConfigView& before, const ConfigView& after,
                   CauseList& causes) {
  const ConfigEntry a = before.Get(key);
  const ConfigEntry b = after.Get(key);
  causes.Add(kind, key, ChangeText(a.ToJson(), b.ToJson()),
             OnlyRendersApart(sides, older, current, key, a, b));
}

void AddConfigCauses(const Sides& sides, const Node& older, const Node& current,
                     CauseList& causes) {
  if (ComparesRenderedConfig(current.type)) {
    for (const std::string& key :
         DifferentRenderedKeys(older.config, current.config)) {
      causes.Add(
          CauseKind::kConfig, key,
          ChangeText(JsonOf(older.config, key), JsonOf(current.config, key)));
    }
    return;
  }
  const ConfigView before(sides.older, older, sides.reread_older);
  const ConfigView after(sides.current, current, sides.reread_current);
  for (const std::string& key :
       DifferentConfigKeys(current.type, before, after)) {
    AddConfigured(sides, older, current, CauseKind::kConfig, key, before, after,
                  causes);
  }
}

void AddDescriptionCauses(const Sides& sides, const Node& older,
                          const Node& current, CauseList& causes) {
  if (PersistsDocs(current, "relation") &&
      older.description != current.description) {
    causes.Add(CauseKind::kPersistedDescription, "", "");
  }
  if (!PersistsDocs(current, "columns")) return;
  for (const std::string& column : RedescribedColumns(sides, older, current)) {
    causes.Add(CauseKind::kPersistedDescription, column, "");
  }
}

void AddRelationCauses(const Sides& sides, const Node& older,
                       const Node& current, CauseList& causes) {
  if (current.type == ResourceType::kSource) {
    causes.Append(
        SourceRelationCauses(older, current, sides.unrendered_sources));
    return;
  }
  const ConfigView before(sides.older, older, sides.reread_older);
  const ConfigView after(sides.current, current, sides.reread_current);
  for (const std::string& key : DifferentRelationKeys(before, after)) {
    AddConfigured(sides, older, current, CauseKind::kRelation, key, before,
                  after, causes);
  }
}

}  // namespace

bool IsCodeNode(ResourceType type) {
  return type <= ResourceType::kSqlOperation ||
         type == ResourceType::kFunction || type == ResourceType::kUnknown;
}

bool HasComparedConfig(ResourceType type) {
  return type != ResourceType::kUnitTest;
}

bool HasRelation(ResourceType type) {
  return IsCodeNode(type) || type == ResourceType::kSource;
}

Differences ContentOf(const Node& node) {
  switch (node.type) {
    case ResourceType::kTest:
      if (node.is_generic_test) return kDifferentConfig | kDifferentFqn;
      return ~kDifferentField & 0xff;
    case ResourceType::kMetric:
    case ResourceType::kSemanticModel:
    case ResourceType::kSavedQuery:
      return kDifferentConfig | kDifferentField;
    case ResourceType::kUnitTest:
      return kDifferentField;
    default:
      return 0xff;
  }
}

Differences CompareContent(const Sides& sides, const Node& older,
                           const Node& current) {
  Differences differences = 0;
  if (IsCodeNode(current.type)) {
    differences = CompareCodeNode(sides, older, current);
  } else {
    if (HasComparedConfig(current.type) && !SameConfig(sides, older, current)) {
      differences |= kDifferentConfig;
    }
    if (current.type == ResourceType::kSource &&
        !SameSourceRelation(older, current, sides.unrendered_sources)) {
      differences |= kDifferentRelation;
    }
  }
  if (!SameFqn(older, current)) differences |= kDifferentFqn;
  if (!SameFields(sides.older, older, sides.current, current)) {
    differences |= kDifferentField;
  }
  return differences;
}

std::vector<Cause> ContentCauses(const Sides& sides, const Node& older,
                                 const Node& current, Differences differences) {
  CauseList causes;
  if (differences & kDifferentBody) AddBodyCause(sides, older, current, causes);
  if (differences & kDifferentConfig) {
    AddConfigCauses(sides, older, current, causes);
  }
  if (differences & kDifferentDescription) {
    AddDescriptionCauses(sides, older, current, causes);
  }
  if (differences & kDifferentRelation) {
    AddRelationCauses(sides, older, current, causes);
  }
  if (differences & kDifferentFqn) {
    causes.Add(CauseKind::kFqn, "",
               ChangeText(absl::StrJoin(older.fqn, "."),
                          absl::StrJoin(current.fqn, ".")));
  }
  if (differences & kDifferentField) {
    causes.Append(FieldCauses(sides.older, older, sides.current, current));
  }
  return causes.Take();
}

}  // namespace doppel::state
