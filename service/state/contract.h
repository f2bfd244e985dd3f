// Whether a model's contract changed, and whether that breaks a promise.
//
// Rules: dbt 1.12, contracts/graph/nodes.py ModelNode.same_contract and
// same_contract_removed. Texts are dbt's own.
//
// Thread contract: pure functions.
#ifndef DOPPEL_SERVICE_STATE_CONTRACT_H_
#define DOPPEL_SERVICE_STATE_CONTRACT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/manifest/manifest.h"
#include "service/state/cause.h"
#include "service/state/source_text.h"

namespace doppel::state {

struct ContractChange {
  bool changed = false;
  // What breaks a promise, in dbt's words; empty for a harmless change.
  std::vector<std::string> breaking;
};

// Compares the contracts of two models of one unique id. Cheap where neither
// is enforced or both say the same; reads the columns otherwise.
ContractChange CompareContracts(const manifest::Manifest& older,
                                const manifest::Node& older_node,
                                const manifest::Manifest& current,
                                const manifest::Node& current_node);

// What changed, one cause for each column and constraint.
std::vector<Cause> ContractCauses(const manifest::Manifest& older,
                                  const manifest::Node& older_node,
                                  const manifest::Manifest& current,
                                  const manifest::Node& current_node);

// What dbt says where a contracted model is gone; none where it may go: no
// contract, or past its deprecation date.
std::optional<std::string> RemovalBreak(const RemovedModel& model,
                                        absl::Time now);

// The removed model as the older manifest has it.
RemovedModel RemovedModelOf(const manifest::Node& node);

// dbt warns of a broken contract of an unversioned model and rejects the
// selection for a versioned one.
Warning ContractWarning(absl::string_view name, absl::string_view path,
                        const std::vector<std::string>& breaking);
absl::Status ContractError(absl::string_view unique_id, absl::string_view name,
                           absl::string_view path,
                           const std::vector<std::string>& breaking);

}  // namespace doppel::state

#endif  // DOPPEL_SERVICE_STATE_CONTRACT_H_
