// The schemas that a plan's operations write to: those that are missing are
// made first, those that are there must stay.
//
// Thread contract: for one thread.
#ifndef DOPPEL_SERVICE_CLONE_SCHEMA_NEEDS_H_
#define DOPPEL_SERVICE_CLONE_SCHEMA_NEEDS_H_

#include <map>
#include <optional>
#include <vector>

#include "service/base/relation.h"
#include "service/clone/plan.h"
#include "service/clone/whole_schemas.h"
#include "service/clone/world.h"
#include "service/dialect/dialect.h"

namespace doppel::clone {

class SchemaNeeds {
 public:
  // `quoting` is the targets'. Both others outlive it.
  SchemaNeeds(const dialect::Dialect& dialect, const World& world,
              const dialect::Quoting& quoting)
      : dialect_(dialect), world_(world), quoting_(quoting) {}

  // To be called for each operation, in their order: what it writes to, or
  // nothing for a skip.
  void Add(const std::optional<RelationName>& target);

  // Numbers the operations behind those that make schemas, lets them depend on
  // these, and puts down that the other schemas are there.
  void PutFirst(const WholeSchemas& whole, Plan* plan) const;

 private:
  std::vector<Operation> MakeMissing(const WholeSchemas& whole) const;

  const dialect::Dialect& dialect_;
  const World& world_;
  const dialect::Quoting quoting_;
  // By key.
  std::map<RelationName, SchemaName> missing_;
  std::map<RelationName, SchemaName> present_;
  // For each operation: the key of the missing schema that it needs.
  std::vector<std::optional<RelationName>> needs_;
};

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_SCHEMA_NEEDS_H_
