// What the ledger gains and loses by an operation that took effect.
//
// Thread contract: immutable once made.
#ifndef DOPPEL_SERVICE_EXECUTION_OWNERSHIP_H_
#define DOPPEL_SERVICE_EXECUTION_OWNERSHIP_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/execution/journal.h"
#include "service/execution/world.h"

namespace doppel::execution {

class Ownership {
 public:
  // `plan` outlives it.
  Ownership(const clone::Plan* plan, absl::string_view execution);

  // Relations and schemas that the operation made are owned from now on, those
  // that it dropped are not any more, nor those that a cleanup leaves to
  // whoever took them over.
  void Record(const clone::Operation& operation, absl::Time now,
              Journal::Entry* entry) const;

  // Notes the version of what the operation made, as it stands in `world`;
  // nothing where something of another kind stands there.
  void See(const clone::Operation& operation, const World& world,
           Journal::Entry* entry) const;

 private:
  using Facts = absl::flat_hash_map<std::string, const clone::Precondition*>;

  store::LedgerRecord RecordOf(const clone::Operation& operation) const;
  // What is kept for a while is doppel's to drop after.
  void SeeKept(const clone::Placement& placement, const World& world,
               Journal::Entry* entry) const;
  void RecordPlacement(const clone::Placement& placement, absl::Time now,
                       Journal::Entry* entry) const;

  const clone::Plan& plan_;
  const std::string execution_;
  // By their subjects: relations as rendered.
  Facts sources_;
  Facts targets_;
};

// Whether it makes a relation.
bool MakesRelation(const clone::Operation& operation);

// Where that stands.
std::vector<SchemaName> SchemasOfMade(const clone::Operation& operation);

}  // namespace doppel::execution

#endif  // DOPPEL_SERVICE_EXECUTION_OWNERSHIP_H_
