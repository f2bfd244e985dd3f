#include "service/manifest/node_fields.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace doppel::manifest {
namespace {

using Kind = FieldKind;

constexpr NodeField Text(absl::string_view name,
                         absl::string_view Node::* text) {
  return {.name = name, .kind = Kind::kText, .text = text};
}

constexpr NodeField Special(absl::string_view name, Kind kind) {
  return {.name = name, .kind = kind};
}

constexpr NodeField Facet(absl::string_view name) {
  return {.name = name, .kind = Kind::kFacet};
}

constexpr std::array kCommonFields = {
    Text("package_name", &Node::package_name),
    Text("original_file_path", &Node::original_file_path),
    Text("patch_path", &Node::patch_path),
    Text("schema", &Node::schema),
    Text("alias", &Node::identifier),
    Text("access", &Node::access),
    Text("deprecation_date", &Node::deprecation_date),
    Text("attached_node", &Node::attached_node),
    NodeField{.name = "name", .kind = Kind::kUniqueText, .text = &Node::name},
    NodeField{.name = "database",
              .kind = Kind::kOptionalText,
              .optional_text = &Node::database},
    NodeField{.name = "relation_name",
              .kind = Kind::kUniqueOptionalText,
              .optional_text = &Node::relation_name},
    NodeField{.name = "fqn", .kind = Kind::kTexts, .texts = &Node::fqn},
    NodeField{.name = "unrendered_config",
              .kind = Kind::kValue,
              .value = &Node::unrendered_config},
    NodeField{.name = "version", .kind = Kind::kValue, .value = &Node::version},
    NodeField{.name = "latest_version",
              .kind = Kind::kValue,
              .value = &Node::latest_version},
    NodeField{.name = "columns", .kind = Kind::kSpan, .span = &Node::columns},
    NodeField{
        .name = "constraints", .kind = Kind::kSpan, .span = &Node::constraints},
    Special("resource_type", Kind::kResourceType),
    Special("path", Kind::kPath),
    Special("config", Kind::kConfig),
    Special("tags", Kind::kTags),
    Special("depends_on", Kind::kDependsOn),
    Special("raw_code", Kind::kCode),
    Special("raw_sql", Kind::kCode),  // v1 to v6
    Special("description", Kind::kDescription),
    Special("checksum", Kind::kChecksum),
    Special("contract", Kind::kContract),
    Special("test_metadata", Kind::kTestMetadata),
    Special("deferred", Kind::kDeferred),
    Special("created_at", Kind::kCreatedAt),
};

// What a section has beside the common fields, or reads in another way: what
// dbt 1.12 compares, contracts/graph/nodes.py, same_contents().
constexpr std::array kSourceFields = {
    Text("source_name", &Node::source_name),
    Text("identifier", &Node::identifier),
    Facet("unrendered_database"),
    Facet("unrendered_schema"),
    Facet("quoting"),
    Facet("freshness"),
    Facet("loaded_at_field"),
    Facet("external"),
};
constexpr std::array kExposureFields = {
    Facet("type"), Facet("owner"), Facet("maturity"),
    Facet("url"),  Facet("label"),
};
constexpr std::array kMetricFields = {Facet("type"), Facet("label")};
constexpr std::array kSemanticModelFields = {
    Facet("model"),      Facet("defaults"), Facet("entities"),
    Facet("dimensions"), Facet("measures"), Facet("primary_entity"),
    Facet("group"),
};
constexpr std::array kSavedQueryFields = {
    Special("query_params", Kind::kQueryParams),
    Special("exports", Kind::kExports),
    Special("tags", Kind::kTagsAndFacet),
    Facet("label"),
    Facet("group"),
};
constexpr std::array kFunctionFields = {
    Special("overloads", Kind::kOverloads),
    Facet("arguments"),
    Facet("returns"),
};

std::span<const NodeField> OwnFields(Section section) {
  switch (section) {
    case Section::kSources:
      return kSourceFields;
    case Section::kExposures:
      return kExposureFields;
    case Section::kMetrics:
      return kMetricFields;
    case Section::kSemanticModels:
      return kSemanticModelFields;
    case Section::kSavedQueries:
      return kSavedQueryFields;
    case Section::kFunctions:
      return kFunctionFields;
    default:
      return {};
  }
}

// A hash table: a 100 MB manifest has some two million keys to look up.
class FieldTable {
 public:
  explicit FieldTable(Section section) {
    // A section's own fields come first, and so win.
    for (const NodeField& field : OwnFields(section)) Add(field);
    for (const NodeField& field : kCommonFields) Add(field);
  }

  const NodeField* Find(absl::string_view name) const {
    if (name.empty()) return nullptr;
    size_t slot = Slot(name);
    while (slots_[slot] != nullptr && !AreEqual(slots_[slot]->name, name)) {
      slot = (slot + 1) % kSlots;
    }
    return slots_[slot];
  }

 private:
  static constexpr size_t kSlots = 256;

  // Names are short: without a call, and by eight bytes at a time.
  static bool AreEqual(absl::string_view a, absl::string_view b) {
    if (a.size() != b.size()) return false;
    size_t at = 0;
    for (; at + 8 <= a.size(); at += 8) {
      if (Word(a.data() + at) != Word(b.data() + at)) return false;
    }
    for (; at < a.size(); ++at) {
      if (a[at] != b[at]) return false;
    }
    return true;
  }

  static uint64_t Word(const char* bytes) {
    uint64_t word;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }

  static size_t Slot(absl::string_view name) {
    const auto at = [&](size_t i) { return static_cast<uint8_t>(name[i]); };
    return (at(0) * 5 + at(name.size() / 2) * 11 + at(name.size() - 1) * 3 +
            name.size() * 17) %
           kSlots;
  }

  void Add(const NodeField& field) {
    size_t slot = Slot(field.name);
    while (slots_[slot] != nullptr && slots_[slot]->name != field.name) {
      slot = (slot + 1) % kSlots;
    }
    if (slots_[slot] == nullptr) slots_[slot] = &field;
  }

  std::array<const NodeField*, kSlots> slots_ = {};
};

struct SectionName {
  absl::string_view name;
  ResourceType type;
};

// In the order of Section.
constexpr std::array<SectionName, kSectionCount> kSections = {{
    {"nodes", ResourceType::kUnknown},
    {"sources", ResourceType::kSource},
    {"exposures", ResourceType::kExposure},
    {"metrics", ResourceType::kMetric},
    {"semantic_models", ResourceType::kSemanticModel},
    {"saved_queries", ResourceType::kSavedQuery},
    {"unit_tests", ResourceType::kUnitTest},
    {"functions", ResourceType::kFunction},
}};

}  // namespace

std::optional<Section> SectionFromName(absl::string_view name) {
  for (size_t i = 0; i < kSections.size(); ++i) {
    if (kSections[i].name == name) return static_cast<Section>(i);
  }
  return std::nullopt;
}

ResourceType TypeOfSection(Section section) {
  return kSections[static_cast<size_t>(section)].type;
}

const NodeField* FindNodeField(Section section, absl::string_view name) {
  static const std::array<FieldTable, kSectionCount> kTables = {
      FieldTable(Section::kNodes),          FieldTable(Section::kSources),
      FieldTable(Section::kExposures),      FieldTable(Section::kMetrics),
      FieldTable(Section::kSemanticModels), FieldTable(Section::kSavedQueries),
      FieldTable(Section::kUnitTests),      FieldTable(Section::kFunctions)};
  return kTables[static_cast<size_t>(section)].Find(name);
}

}  // namespace doppel::manifest
