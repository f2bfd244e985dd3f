// Schemas that are cloned whole, in one statement, instead of relation by
// relation: where that was asked for, the warehouse can, the target is not
// there, and all that is in the source is to be cloned under its own name, as a
// table or as a view that is none of its own query.
//
// Thread contract: immutable once made; what it was made from outlives it.
#ifndef DOPPEL_SERVICE_CLONE_WHOLE_SCHEMAS_H_
#define DOPPEL_SERVICE_CLONE_WHOLE_SCHEMAS_H_

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/clone/candidates.h"
#include "service/clone/decision.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/clone/world.h"

namespace doppel::clone {

class WholeSchemas {
 public:
  WholeSchemas(const CloneInputs& inputs, const World& world,
               std::span<const Candidate> candidates,
               std::span<const Decision> decisions);

  // The key of a target schema that is cloned whole; that of any relation in it
  // will do.
  bool Contains(RelationName key) const;

  // Makes of the operation that creates such a schema one that clones it.
  void CloneInstead(const RelationName& key, Operation* operation) const;

  // A SchemaNotWhole for each schema that is cloned relation by relation.
  const std::vector<state::Warning>& warnings() const { return warnings_; }

 private:
  struct Group {
    SchemaName source;
    SchemaName target;
    std::set<RelationName> targets;    // keys of schemas
    std::set<RelationName> relations;  // keys of sources
    std::string why_not;
  };
  using Groups = std::map<RelationName, Group>;  // by the source's key

  Groups Gather(std::span<const Candidate> candidates,
                std::span<const Decision> decisions) const;
  std::string WhyNot(const Candidate& candidate,
                     const Decision& decision) const;
  std::string WhyNot(const Groups& groups, const RelationName& key,
                     const World& world) const;
  void Warn(absl::string_view subject, absl::string_view why);

  const CloneInputs& inputs_;
  std::map<RelationName, Group> whole_;  // by the target's key
  std::vector<state::Warning> warnings_;
};

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_WHOLE_SCHEMAS_H_
