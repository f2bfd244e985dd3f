// What a node does with those whom it depends on, as far as its JSON says more
// than depends_on: which are read by a hook, which a foreign key points to, and
// which give a unit test's fixtures their columns.
//
// The rules are dbt's: parser/schemas.py
// (_process_constraints_refs_and_sources) adds a constraint's ref to a model's
// own, as parser/base.py does those of its hooks, so a call that is left over
// when these are taken away is the code's.
//
// Thread contract: pure functions. A node whose JSON cannot be read uses all of
// its parents in its code.
#ifndef DOPPEL_SERVICE_DEFERRAL_NODE_USAGE_H_
#define DOPPEL_SERVICE_DEFERRAL_NODE_USAGE_H_

#include <vector>

#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"

namespace doppel::deferral {

struct NodeUsage {
  // Each ascending, and each node once.
  std::vector<manifest::NodeId> hooks;
  std::vector<manifest::NodeId> foreign_keys;
  // Parents that hooks or foreign keys alone have named.
  std::vector<manifest::NodeId> not_in_code;
};

// Of a node that has hooks or a foreign key.
NodeUsage UsageOf(const manifest::Manifest& manifest, manifest::NodeId node);

// The inputs of a unit test for whose fixture dbt asks the input's relation for
// columns: all but those that are written in SQL. `this` is the tested model.
std::vector<manifest::NodeId> FixturesOf(const manifest::Manifest& manifest,
                                         manifest::NodeId unit_test);

// How a source's names are quoted: as its own `quoting` says, and as
// `otherwise` where that says nothing.
dialect::Quoting SourceQuoting(const manifest::Manifest& manifest,
                               manifest::NodeId source,
                               const dialect::Quoting& otherwise);

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_NODE_USAGE_H_
