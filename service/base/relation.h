// A database object by its name, and what kind of object it is.
#ifndef DOPPEL_SERVICE_BASE_RELATION_H_
#define DOPPEL_SERVICE_BASE_RELATION_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace doppel {

enum class RelationKind : uint8_t {
  kUnknown,
  kTable,
  kView,
  kMaterializedView,
  kExternal,
  kDynamicTable,
  kFunction,
};

// "table", "view", "materialized view", ...; "relation" for kUnknown.
absl::string_view RelationKindName(RelationKind kind);

// Names as a manifest or a catalog writes them, neither quoted nor folded.
// `database` is "" where the warehouse has no databases.
struct SchemaName {
  std::string database;
  std::string schema;

  friend bool operator==(const SchemaName&, const SchemaName&) = default;
  friend auto operator<=>(const SchemaName&, const SchemaName&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const SchemaName& s) {
    return H::combine(std::move(h), s.database, s.schema);
  }
};

struct RelationName {
  std::string database;
  std::string schema;
  std::string identifier;

  SchemaName schema_name() const { return {database, schema}; }

  friend bool operator==(const RelationName&, const RelationName&) = default;
  friend auto operator<=>(const RelationName&, const RelationName&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const RelationName& r) {
    return H::combine(std::move(h), r.database, r.schema, r.identifier);
  }
};

}  // namespace doppel

#endif  // DOPPEL_SERVICE_BASE_RELATION_H_
