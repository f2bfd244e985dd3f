#include "service/rpc/manifest_handlers.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/manifest_service.pb.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/rpc/comparing.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/page_token.h"
#include "service/rpc/request_digest.h"
#include "service/rpc/selecting.h"
#include "service/rpc/slice.h"
#include "service/rpc/upload_sink.h"
#include "service/state/comparison.h"

namespace doppel::rpc {
namespace {

constexpr int kMostNames = 1000;
constexpr int kMostListed = 1000;

// One row of a comparison: a node of the current manifest, or a removed one.
struct Changed {
  absl::string_view unique_id;
  manifest::NodeId id;
  bool removed;
};

// All differences of the selected nodes, by unique id.
std::vector<Changed> ChangedNodes(const state::StateComparison& comparison,
                                  const std::vector<manifest::NodeId>& nodes,
                                  bool with_removed) {
  std::vector<Changed> changed;
  for (const manifest::NodeId id : nodes) {
    if (comparison.Matches(id, state::StateValue::kModified) ||
        comparison.Matches(id, state::StateValue::kNew) ||
        comparison.HasMutedCauses(id)) {
      changed.push_back({comparison.current().node(id).unique_id, id, false});
    }
  }
  if (with_removed) {
    for (const manifest::NodeId id : comparison.removed()) {
      changed.push_back({comparison.older().node(id).unique_id, id, true});
    }
  }
  std::sort(changed.begin(), changed.end(),
            [](const Changed& a, const Changed& b) {
              return a.unique_id < b.unique_id;
            });
  return changed;
}

}  // namespace

absl::Status ManifestHandlers::FindMissingManifests(
    const v1::FindMissingManifestsRequest& in,
    v1::FindMissingManifestsResponse* out, std::stop_token) {
  if (in.names_size() > kMostNames) {
    return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                 absl::StrCat("names: ", in.names_size(), " names, at most ",
                              kMostNames, " are taken at once"))
        .With("count", in.names_size())
        .With("limit", kMostNames)
        .Field("names", "too many");
  }
  for (int i = 0; i < in.names_size(); ++i) {
    DOPPEL_ASSIGN_OR_RETURN(
        const std::string digest,
        DigestOf(in.names(i), absl::StrCat("names[", i, "]")));
    if (services_.store->GetManifest(digest).ok()) continue;
    DOPPEL_ASSIGN_OR_RETURN(const int64_t committed,
                            services_.store->UploadedBytes(digest));
    v1::MissingManifest* const missing = out->add_missing();
    missing->set_name(in.names(i));
    missing->set_committed_bytes(committed);
  }
  return absl::OkStatus();
}

std::unique_ptr<UploadSink> ManifestHandlers::UploadManifest() {
  return std::make_unique<ManifestUploadSink>(&services_);
}

absl::Status ManifestHandlers::GetManifest(const v1::GetManifestRequest& in,
                                           v1::GetManifestResponse* out,
                                           std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string digest,
                          DigestOf(in.name(), "name"));
  DOPPEL_ASSIGN_OR_RETURN(const store::ManifestRecord record,
                          services_.store->GetManifest(digest));
  DOPPEL_RET_CHECK(out->mutable_manifest()->ParseFromString(record.summary));
  return absl::OkStatus();
}

absl::Status ManifestHandlers::ListManifests(const v1::ListManifestsRequest& in,
                                             v1::ListManifestsResponse* out,
                                             std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const int size,
                          PageSize(in.page_size(), 50, kMostListed));
  DOPPEL_ASSIGN_OR_RETURN(const std::string from,
                          ReadPageToken(in, in.page_token()));
  DOPPEL_ASSIGN_OR_RETURN(const store::Page<store::ManifestRecord> page,
                          services_.store->ListManifests(size, from));
  for (const store::ManifestRecord& record : page.items) {
    DOPPEL_RET_CHECK(out->add_manifests()->ParseFromString(record.summary));
  }
  out->set_next_page_token(MakePageToken(in, page.next));
  return absl::OkStatus();
}

absl::Status ManifestHandlers::DeleteManifest(
    const v1::DeleteManifestRequest& in, v1::DeleteManifestResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const bool answered,
                          Replay(*services_.store, "DeleteManifest", in, out));
  if (answered) return absl::OkStatus();
  DOPPEL_ASSIGN_OR_RETURN(const std::string digest,
                          DigestOf(in.name(), "name"));
  if (in.validate_only()) return services_.store->GetManifest(digest).status();
  return services_.store->DeleteManifest(digest,
                                         Remember("DeleteManifest", in, *out));
}

absl::Status ManifestHandlers::ListNodes(const v1::ListNodesRequest& in,
                                         v1::ListNodesResponse* out,
                                         std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const ManifestPtr manifest,
                          LoadManifest(services_, in.manifest(), "manifest"));
  DOPPEL_ASSIGN_OR_RETURN(
      const selection::SelectionResult selected,
      SelectNodes(services_, manifest, {in.selection(), in.context()}));
  DOPPEL_ASSIGN_OR_RETURN(
      const Slice slice,
      SliceOf(in, selected.nodes.size(), 1000, services_.limits.max_page_size));
  const Rendering rendering = RenderingOf(*manifest);
  for (size_t i = slice.begin; i < slice.end; ++i) {
    const manifest::NodeId id = selected.nodes[i];
    *out->add_nodes() = in.view() == v1::NODE_VIEW_FULL
                            ? ToProto(*manifest, id, rendering)
                            : ToBasicProto(manifest->node(id));
  }
  out->set_next_page_token(slice.next_page_token);
  out->set_total_size(static_cast<int32_t>(selected.nodes.size()));
  if (slice.begin == 0) ToProto(selected.warnings, out->mutable_warnings());
  return absl::OkStatus();
}

absl::Status ManifestHandlers::CompareManifests(
    const v1::CompareManifestsRequest& in, v1::CompareManifestsResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const ManifestPtr manifest,
                          LoadManifest(services_, in.current(), "current"));
  DOPPEL_ASSIGN_OR_RETURN(const std::string older,
                          DigestOf(in.older(), "older"));
  DOPPEL_ASSIGN_OR_RETURN(
      const state::CompareOptions options,
      CompareOptionsOf(in.comparison(), in.dbt_version(), "comparison"));
  DOPPEL_ASSIGN_OR_RETURN(
      const auto comparison,
      services_.library->Compare(manifest->digest(), older, options));
  v1::SelectionContext context;
  context.set_state_manifest(in.older());
  context.set_dbt_version(in.dbt_version());
  *context.mutable_comparison() = in.comparison();
  DOPPEL_ASSIGN_OR_RETURN(
      const selection::SelectionResult selected,
      SelectNodes(services_, manifest, {in.selection(), context, {"all"}}));
  const std::vector<Changed> changed =
      ChangedNodes(*comparison, selected.nodes, !in.has_selection());
  DOPPEL_ASSIGN_OR_RETURN(const Slice slice,
                          SliceOf(in, changed.size(), 100, kMostListed));
  for (size_t i = slice.begin; i < slice.end; ++i) {
    *out->add_differences() =
        changed[i].removed
            ? ToRemovedProto(comparison->older().node(changed[i].id))
            : ToProto(*comparison, changed[i].id);
  }
  out->set_next_page_token(slice.next_page_token);
  out->set_total_size(static_cast<int32_t>(changed.size()));
  if (slice.begin == 0) {
    ToProto(comparison->WarningsFor(state::StateValue::kModified),
            out->mutable_warnings());
    ToProto(selected.warnings, out->mutable_warnings());
  }
  return absl::OkStatus();
}

}  // namespace doppel::rpc
