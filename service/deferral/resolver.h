// Makes a Resolution. See resolution.h.
#ifndef DOPPEL_SERVICE_DEFERRAL_RESOLVER_H_
#define DOPPEL_SERVICE_DEFERRAL_RESOLVER_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "service/deferral/node_usage.h"
#include "service/deferral/resolution.h"
#include "service/manifest/manifest.h"

namespace doppel::deferral {

// Decides for each node once, however many nodes read it: the cost is linear in
// the size of the manifests and the number of refs.
class Resolver {
 public:
  explicit Resolver(ResolveInputs inputs);

  Resolution Run() &&;

 private:
  // Where a decision takes its relation from.
  struct Server {
    uint16_t source = kNoSource;
    manifest::NodeId node = kNoNode;
  };

  void Choose();
  void AddNode(manifest::NodeId reader);
  // The refs that the code of `of` has, as refs of the reader.
  void AddRefs(manifest::NodeId reader, manifest::NodeId of,
               manifest::NodeId through);
  // What is not read by code: hooks, foreign keys, fixtures.
  void AddOtherUses(manifest::NodeId reader);
  void AddFixtures(manifest::NodeId unit_test);
  void Add(RefResolution ref, Usage usage);
  const NodeUsage& UsageFor(manifest::NodeId node);
  const RefResolution& DecisionFor(manifest::NodeId node);
  // As long as nothing was built.
  RefResolution DecideBeforeRun(manifest::NodeId node) const;
  RefResolution DecideForeignKey(manifest::NodeId node) const;
  RefResolution DecideFixture(manifest::NodeId node, bool is_tested) const;
  RefResolution DecideAtRuntime(manifest::NodeId node, bool is_built) const;
  RefResolution DecideByReplacing(manifest::NodeId node) const;
  static RefResolution ReadsSource(manifest::NodeId node, Rule rule,
                                   const Server& server);
  Server FindServer(manifest::NodeId node) const;
  bool Exists(manifest::NodeId node) const;
  bool IsBuilt(manifest::NodeId node) const;
  bool IsBefore(manifest::NodeId operation) const;
  void Count(const RefResolution& ref);
  void Warn();

  Resolution resolution_;
  const ResolveInputs& inputs_;
  const manifest::Manifest& current_;
  // For each source, by the current manifest's ids: its node or kNoNode.
  std::vector<std::vector<manifest::NodeId>> counterparts_;
  std::vector<bool> can_be_read_;  // what the refs of code lead to
  std::vector<bool> selected_;
  std::vector<bool> decided_;
  std::vector<RefResolution> decisions_;
  std::vector<bool> borrowed_;
  // The reader, plus one, that has a node among its refs already.
  std::vector<uint32_t> seen_by_;
  // Of the nodes that have hooks or foreign keys, when first asked for.
  absl::flat_hash_map<manifest::NodeId, NodeUsage> usages_;
  // Inlined models whose own refs are yet to be added.
  std::vector<manifest::NodeId> inlined_;
};

}  // namespace doppel::deferral

#endif  // DOPPEL_SERVICE_DEFERRAL_RESOLVER_H_
