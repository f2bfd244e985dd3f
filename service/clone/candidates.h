// What a clone is about: for each selected node its relation in the source and
// its relation in the target, or why there is none.
//
// Thread contract: plain data; functions are pure.
#ifndef DOPPEL_SERVICE_CLONE_CANDIDATES_H_
#define DOPPEL_SERVICE_CLONE_CANDIDATES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

struct Candidate {
  absl::string_view unique_id;
  // Not set: none; `skip` then says why there is nothing to clone.
  std::optional<RelationName> source;
  dialect::Quoting source_quoting;
  std::optional<RelationName> target;
  std::optional<OperationReason> skip;
  dialect::TableOptions options;
  // What the source's own config says of its table.
  dialect::TableOptions source_options;
};

// The names under which the catalog has a candidate's relations.
RelationName SourceKey(const CloneInputs& inputs, const Candidate& candidate);
RelationName TargetKey(const CloneInputs& inputs, const Candidate& candidate);

// In the order of their unique ids. Errors: NAMING_RULE_INVALID.
absl::StatusOr<std::vector<Candidate>> CandidatesOf(const CloneInputs& inputs);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_CANDIDATES_H_
