// What a resolution was asked, with every name made firm: digests instead of
// environments, nodes instead of selections, the relations that existed. It is
// what the store keeps, and what is resolved, now and whenever the resolution
// is read again.
//
// Thread contract: plain data and functions that may be called from any thread.
#ifndef DOPPEL_SERVICE_RPC_DEFERRAL_QUESTION_H_
#define DOPPEL_SERVICE_RPC_DEFERRAL_QUESTION_H_

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/base/relation.h"
#include "service/deferral/resolution.h"
#include "service/manifest/node.h"
#include "service/rpc/services.h"

namespace doppel::rpc {

struct DeferralQuestion {
  struct Source {
    std::string label;     // "environments/prod" or "manifests/{sha256}"
    std::string manifest;  // digest
    std::optional<std::vector<manifest::NodeId>> serves;
  };

  std::string manifest;  // digest
  std::vector<Source> sources;
  std::vector<manifest::NodeId> selected;
  deferral::Command command = deferral::Command::kBuild;
  bool favor_state = false;
  std::string dbt_version;
  std::vector<RelationName> existing;
  std::string default_database;
};

// Canonical JSON, and back. INTERNAL for text that ToJson did not write.
std::string ToJson(const DeferralQuestion& question);
absl::StatusOr<DeferralQuestion> QuestionFromJson(absl::string_view json);

// Makes every name of a request firm, adding the selections' warnings. Errors:
// those of ResolveDeferral.
absl::StatusOr<DeferralQuestion> QuestionOf(
    const Services& services, const v1::ResolveDeferralRequest& request,
    std::vector<state::Warning>* warnings, std::stop_token stop);

// The sources with their graphs.
absl::StatusOr<std::vector<deferral::DeferSource>> SourcesOf(
    const Services& services, const DeferralQuestion& question);

// Resolves it.
absl::StatusOr<deferral::Resolution> ResolveQuestion(
    const Services& services, const DeferralQuestion& question);

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_DEFERRAL_QUESTION_H_
