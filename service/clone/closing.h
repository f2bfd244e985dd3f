// Closes views: a view of the source is made at the target from its own query,
// in which each relation of the source gives way to the target's, so that the
// target reads itself.
//
// The query is the manifest's compiled code, and what it reads is what its node
// depends on. Names are found as dbt rendered them (rerooting.h); where one is
// not found, the view cannot be closed.
//
// Thread contract: immutable once made; what it was made from outlives it.
#ifndef DOPPEL_SERVICE_CLONE_CLOSING_H_
#define DOPPEL_SERVICE_CLONE_CLOSING_H_

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "service/base/relation.h"
#include "service/clone/candidates.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/clone/target_names.h"
#include "service/manifest/manifest.h"

namespace doppel::clone {

// What a view becomes.
struct Closing {
  std::string why_not;  // "" where it can be closed
  std::string query;
  // Keys of the target's relations that it reads.
  std::vector<RelationName> reads;
  // What it still reads of the source; without target and unique id.
  std::vector<Escape> escapes;
};

class Closer {
 public:
  // Whether the target will have a relation of that key.
  using HasTarget = std::function<bool(const RelationName& key)>;

  Closer(const CloneInputs& inputs, const TargetNames& names,
         HasTarget has_target);

  // Of a node of the source's manifest.
  Closing Close(manifest::NodeId view) const;

 private:
  struct Read;

  Read ReadOf(manifest::NodeId id) const;
  std::vector<Read> ReadsOf(manifest::NodeId view) const;

  const CloneInputs& inputs_;
  const TargetNames& names_;
  const HasTarget has_target_;
};

// The relations that stand in the target for what the candidates' views read,
// whether they are there or not.
std::vector<RelationName> TargetsRead(const CloneInputs& inputs,
                                      const TargetNames& names,
                                      std::span<const Candidate> candidates);

// The nodes whose relations the node's query reads, ascending: what it depends
// on in its code, through ephemeral models to what these read.
std::vector<manifest::NodeId> NodesReadBy(const manifest::Manifest& manifest,
                                          manifest::NodeId node);

}  // namespace doppel::clone

#endif  // DOPPEL_SERVICE_CLONE_CLOSING_H_
