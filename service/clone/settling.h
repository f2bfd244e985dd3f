// What becomes of the views of a plan, once it is known which relations the
// target will have: they are closed where that was asked for and can be done,
// and left alone where they would read what they read already.
//
// Thread contract: for one thread; what it was made from outlives it.
#ifndef DOPPEL_SERVICE_CLONE_SETTLING_H_
#define DOPPEL_SERVICE_CLONE_SETTLING_H_

#include <cstddef>
#include <set>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "service/base/relation.h"
#include "service/clone/candidates.h"
#include "service/clone/decision.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/clone/target_names.h"
#include "service/clone/world.h"

namespace doppel::clone {

// By the key of the target.
using Ledger = absl::flat_hash_map<RelationName, const LedgerFact*>;

class Settling {
 public:
  Settling(const CloneInputs& inputs, const TargetNames& names,
           const World& world, const Ledger& ledger,
           std::span<const Candidate> candidates)
      : inputs_(inputs),
        names_(names),
        world_(world),
        ledger_(ledger),
        candidates_(candidates) {}

  // Changes the decisions, one for each candidate; gives what still reads the
  // source, by the unique ids, where the views were to be closed.
  std::vector<Escape> Run(std::vector<Decision>* decisions) &&;

 private:
  std::vector<size_t> ParentsFirst() const;
  void Close(size_t candidate, Decision* decision);
  void KeepIfSame(size_t candidate, Decision* decision);
  void AddEscapes(size_t candidate, const Decision& decision);
  bool HasTarget(const RelationName& key) const {
    return made_.contains(key) || world_.Find(key) != nullptr;
  }

  const CloneInputs& inputs_;
  const TargetNames& names_;
  const World& world_;
  const Ledger& ledger_;
  const std::span<const Candidate> candidates_;
  std::set<RelationName> made_;  // keys of what the plan makes
  std::vector<Escape> escapes_;
};

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_SETTLING_H_
