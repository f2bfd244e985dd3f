// What became of the relations that doppel made in an environment: of each and
// of its source, from the ledger and from what is there now.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_DRIFT_DRIFT_H_
#define DOPPEL_SERVICE_DRIFT_DRIFT_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"

namespace doppel::drift {

// As in the proto.
enum class DriftKind : uint8_t {
  kSourceChanged,
  kTargetChanged,
  kTargetDropped,
  kSourceDropped,
  kNewInSource,
  kUnknown,
};

// A relation of the ledger; names as the catalog spells them.
struct Made {
  std::string unique_id;
  RelationName target;
  RelationKind kind = RelationKind::kUnknown;
  std::string target_version;  // as it was seen once it was made; "" if not
  RelationName source;
  std::string source_version;  // when it was made; "" if not known
  absl::Time time;
  // The source's environment has the node no more.
  bool is_orphan = false;
};

// A node that the source's environment did not have when the target was cloned
// from it, and has now.
struct NewNode {
  std::string unique_id;
  RelationName source;
  // Where it would stand, as far as the target's environment says.
  std::optional<RelationName> target;
};

struct DriftInputs {
  const dialect::Dialect* dialect = nullptr;
  std::span<const Made> made;
  std::span<const NewNode> new_nodes;
  // What is in the schemas that SchemasOf names.
  std::span<const CatalogEntry> catalog;
};

struct Side {
  RelationName name;
  RelationKind kind = RelationKind::kUnknown;  // now, where it is there
};

struct Drift {
  DriftKind kind = DriftKind::kUnknown;
  std::string unique_id;
  std::optional<Side> target;
  std::optional<Side> source;
  std::string explanation;
  std::optional<absl::Time> made_time;
};

// The schemas whose relations matter, each once, sorted. Needs no catalog.
std::vector<SchemaName> SchemasOf(const DriftInputs& inputs);

// By unique id and target. A relation whose source and target both drifted is
// there twice. Where the warehouse's versions miss changes, so does this; a
// pointer view shows what its source holds, so it does not drift from it.
std::vector<Drift> DetectDrift(const DriftInputs& inputs);

}  // namespace doppel::drift

#endif  // DOPPEL_SERVICE_DRIFT_DRIFT_H_
