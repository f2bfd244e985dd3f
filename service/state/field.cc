#include "service/state/field.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/state/deprecation_date.h"
#include "service/state/field_value.h"

namespace doppel::state {

using manifest::Facet;
using manifest::Fingerprint;
using manifest::JsonValue;
using manifest::Manifest;
using manifest::Node;
using manifest::NodeId;
using manifest::ResourceType;

namespace {

constexpr absl::string_view kUnrenderedDatabase = "unrendered_database";
constexpr absl::string_view kUnrenderedSchema = "unrendered_schema";

bool IsRelationFacet(absl::string_view field) {
  return field == kUnrenderedDatabase || field == kUnrenderedSchema;
}

Fingerprint FacetOf(const Node& node, absl::string_view field) {
  for (const Facet& facet : node.facets) {
    if (facet.field == field) return facet.fingerprint;
  }
  return {};
}

bool SameValue(const JsonValue* a, const JsonValue* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return *a == *b;
}

std::string TextOf(const JsonValue* value) {
  return value == nullptr ? "none" : value->ToString();
}

std::string TextOf(absl::string_view value) {
  return value.empty() ? "none" : std::string(value);
}

// Where the UTF-8 character at or before `at` begins; the size if it is beyond.
size_t CharacterStart(absl::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  while (at > 0 && (text[at] & 0xc0) == 0x80) --at;
  return at;
}

// dbt compares the description of these as such; of code nodes only where it
// is persisted, of sources never.
bool ComparesDescription(ResourceType type) {
  return type == ResourceType::kExposure || type == ResourceType::kMetric ||
         type == ResourceType::kSemanticModel ||
         type == ResourceType::kSavedQuery;
}

// Calls `visit(field)` for every facet whose fingerprints differ, those of a
// relation left out, until it returns false. Facets are sorted by field.
template <typename Visit>
bool VisitDifferentFacets(const Node& older, const Node& current, Visit visit) {
  size_t o = 0, c = 0;
  while (o < older.facets.size() || c < current.facets.size()) {
    const Facet* a = o < older.facets.size() ? &older.facets[o] : nullptr;
    const Facet* b = c < current.facets.size() ? &current.facets[c] : nullptr;
    if (a != nullptr && b != nullptr && a->field != b->field) {
      (a->field < b->field ? b : a) = nullptr;
    }
    o += a != nullptr;
    c += b != nullptr;
    if (a != nullptr && b != nullptr && a->fingerprint == b->fingerprint) {
      continue;
    }
    const absl::string_view field = a != nullptr ? a->field : b->field;
    if (!IsRelationFacet(field) && !visit(field)) return false;
  }
  return true;
}

// Set comparison of depends_on.nodes, both in the order of unique ids.
bool SameParents(const Manifest& older_manifest, const Node& older,
                 const Manifest& current_manifest, const Node& current) {
  auto id_of = [](const Manifest& manifest, const Node& node) {
    return static_cast<NodeId>(&node - manifest.nodes().data());
  };
  const auto a = older_manifest.parents(id_of(older_manifest, older));
  const auto b = current_manifest.parents(id_of(current_manifest, current));
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](NodeId x, NodeId y) {
                      return older_manifest.node(x).unique_id ==
                             current_manifest.node(y).unique_id;
                    });
}

// Calls `found(field, detail)` for each difference outside the facets.
template <typename Found>
void VisitNamedFields(const Manifest& older_manifest, const Node& older,
                      const Manifest& current_manifest, const Node& current,
                      Found found) {
  switch (current.type) {
    case ResourceType::kModel:
      if (!SameValue(older.latest_version, current.latest_version)) {
        found("latest_version", ChangeText(TextOf(older.latest_version),
                                           TextOf(current.latest_version)));
      }
      if (older.access != current.access) {
        found("access", ChangeText(older.access, current.access));
      }
      if (!SameDeprecationDate(older.deprecation_date,
                               current.deprecation_date)) {
        found("deprecation_date", ChangeText(TextOf(older.deprecation_date),
                                             TextOf(current.deprecation_date)));
      }
      break;
    case ResourceType::kUnitTest:
      if (older.checksum != current.checksum) found("checksum", "");
      break;
    case ResourceType::kExposure:
      if (!SameParents(older_manifest, older, current_manifest, current)) {
        found("depends_on", "");
      }
      break;
    default:
      break;
  }
  if (ComparesDescription(current.type) &&
      older.description != current.description) {
    found("description", "");
  }
}

Cause RelationCause(absl::string_view subject, std::string detail) {
  Cause cause;
  cause.kind = CauseKind::kRelation;
  cause.subject = std::string(subject);
  cause.detail = std::move(detail);
  return cause;
}

}  // namespace

std::string ChangeText(absl::string_view older, absl::string_view current) {
  constexpr size_t kMost = 60;
  constexpr size_t kBefore = 16;
  size_t begin = 0;
  if (older.size() > kMost || current.size() > kMost) {
    const auto differ = std::mismatch(older.begin(), older.end(),
                                      current.begin(), current.end());
    const size_t same = differ.first - older.begin();
    begin = CharacterStart(older, same > kBefore ? same - kBefore : 0);
  }
  auto cut = [begin](absl::string_view text) {
    const size_t end = CharacterStart(text, begin + kMost);
    return absl::StrCat(begin > 0 ? "..." : "", text.substr(begin, end - begin),
                        end < text.size() ? "..." : "");
  };
  return absl::StrCat(cut(older), " -> ", cut(current));
}

std::vector<Cause> FieldCauses(const Manifest& older_manifest,
                               const Node& older,
                               const Manifest& current_manifest,
                               const Node& current) {
  std::vector<Cause> causes;
  auto add = [&](absl::string_view field, std::string detail) {
    Cause cause;
    cause.kind = CauseKind::kField;
    cause.subject = std::string(field);
    cause.detail = std::move(detail);
    causes.push_back(std::move(cause));
  };
  VisitNamedFields(older_manifest, older, current_manifest, current, add);
  VisitDifferentFacets(older, current, [&](absl::string_view field) {
    const std::string a = ComparedFieldValue(older_manifest, older, field);
    const std::string b = ComparedFieldValue(current_manifest, current, field);
    if (a != b) add(field, ChangeText(a, b));
    return true;
  });
  return causes;
}

bool SameFields(const Manifest& older_manifest, const Node& older,
                const Manifest& current_manifest, const Node& current) {
  bool same = true;
  VisitNamedFields(older_manifest, older, current_manifest, current,
                   [&](absl::string_view, absl::string_view) { same = false; });
  return same &&
         VisitDifferentFacets(older, current, [&](absl::string_view field) {
           return ComparedFieldValue(older_manifest, older, field) ==
                  ComparedFieldValue(current_manifest, current, field);
         });
}

std::vector<Cause> SourceRelationCauses(const Node& older, const Node& current,
                                        bool unrendered) {
  std::vector<Cause> causes;
  const auto compare = [&](absl::string_view subject, absl::string_view field,
                           bool same_name, absl::string_view before,
                           absl::string_view after) {
    const Fingerprint a = FacetOf(older, field);
    const Fingerprint b = FacetOf(current, field);
    const bool same_text = a == b;
    if (unrendered ? same_text : same_name) return;
    Cause cause =
        RelationCause(subject, ChangeText(TextOf(before), TextOf(after)));
    // A dbt before 1.9 writes no unrendered names.
    const bool one_has_none = a == Fingerprint{} || b == Fingerprint{};
    cause.from_environment =
        unrendered ? one_has_none && same_name : same_text && !one_has_none;
    causes.push_back(std::move(cause));
  };
  compare("database", kUnrenderedDatabase, older.database == current.database,
          older.database.value_or(""), current.database.value_or(""));
  compare("schema", kUnrenderedSchema, older.schema == current.schema,
          older.schema, current.schema);
  if (older.identifier != current.identifier) {
    causes.push_back(RelationCause(
        "identifier", ChangeText(older.identifier, current.identifier)));
  }
  return causes;
}

bool SameSourceRelation(const Node& older, const Node& current,
                        bool unrendered) {
  return SourceRelationCauses(older, current, unrendered).empty();
}

}  // namespace doppel::state
