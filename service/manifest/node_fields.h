// Which members of a node's JSON are read, and where each goes.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_MANIFEST_NODE_FIELDS_H_
#define DOPPEL_SERVICE_MANIFEST_NODE_FIELDS_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "service/manifest/node.h"

namespace doppel::manifest {

// A top-level member that holds vertices.
enum class Section : uint8_t {
  kNodes,
  kSources,
  kExposures,
  kMetrics,
  kSemanticModels,
  kSavedQueries,
  kUnitTests,
  kFunctions,
};
inline constexpr int kSectionCount = 8;

// The section of that name in a manifest, such as "saved_queries".
std::optional<Section> SectionFromName(absl::string_view name);
// What its members are; kUnknown for kNodes, whose members say it.
ResourceType TypeOfSection(Section section);

enum class FieldKind : uint8_t {
  kText,          // interned into `text`
  kUniqueText,    // copied into `text`
  kOptionalText,  // interned into `optional_text`
  kUniqueOptionalText,
  kTexts,  // into `texts`
  kValue,  // into `value`
  kSpan,   // passed over, its place into `span`
  kFacet,  // into Node::facets
  // With rules of their own:
  kResourceType,
  kPath,
  kConfig,
  kTags,
  kTagsAndFacet,
  kDependsOn,
  kCode,
  kDescription,
  kChecksum,
  kContract,
  kTestMetadata,
  kDeferred,
  kQueryParams,
  kExports,
  kOverloads,
  kCreatedAt,
};

struct NodeField {
  absl::string_view name;
  FieldKind kind;
  absl::string_view Node::* text = nullptr;
  std::optional<absl::string_view> Node::* optional_text = nullptr;
  std::span<const absl::string_view> Node::* texts = nullptr;
  const JsonValue* Node::* value = nullptr;
  Span Node::* span = nullptr;
};

// The field of that name in a section; nullptr for one that nothing reads.
const NodeField* FindNodeField(Section section, absl::string_view name);

}  // namespace doppel::manifest

#endif  // DOPPEL_SERVICE_MANIFEST_NODE_FIELDS_H_
