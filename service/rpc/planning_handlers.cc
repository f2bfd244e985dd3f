#include "service/rpc/planning_handlers.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/base/digest.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/deferral/state_manifest.h"
#include "service/rpc/advice_question.h"
#include "service/rpc/cleanup_question.h"
#include "service/rpc/clone_question.h"
#include "service/rpc/convert_deferral.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/convert_plan.h"
#include "service/rpc/deferral_question.h"
#include "service/rpc/page_token.h"
#include "service/rpc/promotion_question.h"
#include "service/rpc/slice.h"
#include "service/rpc/stored_plan.h"

namespace doppel::rpc {
namespace {

constexpr int kMostListed = 1000;

// The question of a stored resolution.
absl::StatusOr<DeferralQuestion> LoadQuestion(const Services& services,
                                              const std::string& name) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("resolutions", name, "resolution"));
  DOPPEL_ASSIGN_OR_RETURN(const store::ResolutionRecord record,
                          services.store->GetResolution(id));
  return QuestionFromJson(record.inputs);
}

// A file as the messages of a download: its header, then its bytes.
class DownloadSource final
    : public MessageSource<v1::DownloadDeferralStateResponse> {
 public:
  explicit DownloadSource(std::string bytes) : bytes_(std::move(bytes)) {}

  absl::StatusOr<Pulled> Next(v1::DownloadDeferralStateResponse* message,
                              std::stop_token) override {
    if (!sent_header_) {
      message->mutable_header()->set_sha256(Sha256Hex(bytes_));
      message->mutable_header()->set_size_bytes(
          static_cast<int64_t>(bytes_.size()));
      sent_header_ = true;
      return Pulled::kMessage;
    }
    if (offset_ == bytes_.size()) return Pulled::kEnd;
    const size_t size = std::min(kChunkBytes, bytes_.size() - offset_);
    message->set_chunk(bytes_.data() + offset_, size);
    offset_ += size;
    return Pulled::kMessage;
  }

 private:
  static constexpr size_t kChunkBytes = size_t{1} << 20;

  const std::string bytes_;
  size_t offset_ = 0;
  bool sent_header_ = false;
};

}  // namespace

absl::Status PlanningHandlers::ResolveDeferral(
    const v1::ResolveDeferralRequest& in, v1::ResolveDeferralResponse* out,
    std::stop_token stop) {
  std::vector<state::Warning> warnings;
  DOPPEL_ASSIGN_OR_RETURN(
      const DeferralQuestion question,
      QuestionOf(services_, in, &warnings, std::move(stop)));
  DOPPEL_ASSIGN_OR_RETURN(const deferral::Resolution resolution,
                          ResolveQuestion(services_, question));
  const std::string inputs = ToJson(question);
  const store::ResolutionRecord record{Sha256Hex(inputs), inputs,
                                       services_.clock()};
  DOPPEL_RETURN_IF_ERROR(services_.store->PutResolution(record));
  v1::DeferResolution* const answer = out->mutable_resolution();
  *answer = ToBasicProto(resolution);
  ToProto(warnings, answer->mutable_warnings());
  answer->set_name(absl::StrCat("resolutions/", record.id));
  *answer->mutable_create_time() = ToProto(record.create_time);
  if (in.view() == v1::DEFER_RESOLUTION_VIEW_BASIC) return absl::OkStatus();
  for (size_t i = 0; i < resolution.node_count(); ++i) {
    *answer->add_nodes() = ToProto(resolution, i);
  }
  return absl::OkStatus();
}

absl::Status PlanningHandlers::ListNodeResolutions(
    const v1::ListNodeResolutionsRequest& in,
    v1::ListNodeResolutionsResponse* out, std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const DeferralQuestion question,
                          LoadQuestion(services_, in.resolution()));
  DOPPEL_ASSIGN_OR_RETURN(const deferral::Resolution resolution,
                          ResolveQuestion(services_, question));
  DOPPEL_ASSIGN_OR_RETURN(const Slice slice,
                          SliceOf(in, resolution.node_count(), 1000,
                                  services_.limits.max_page_size));
  for (size_t i = slice.begin; i < slice.end; ++i) {
    *out->add_nodes() = ToProto(resolution, i);
  }
  out->set_next_page_token(slice.next_page_token);
  return absl::OkStatus();
}

absl::StatusOr<
    std::unique_ptr<MessageSource<v1::DownloadDeferralStateResponse>>>
PlanningHandlers::DownloadDeferralState(
    const v1::DownloadDeferralStateRequest& in, std::function<void()>,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const DeferralQuestion question,
                          LoadQuestion(services_, in.resolution()));
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<deferral::DeferSource> sources,
                          SourcesOf(services_, question));
  DOPPEL_ASSIGN_OR_RETURN(std::string bytes,
                          deferral::SpliceStateManifest(sources));
  return std::make_unique<DownloadSource>(std::move(bytes));
}

absl::Status PlanningHandlers::PlanClone(const v1::PlanCloneRequest& in,
                                         v1::PlanCloneResponse* out,
                                         std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      *out->mutable_plan(),
      AnswerWithPlan(
          services_, in,
          {"PlanClone", in.validate_only(), in.view() != v1::PLAN_VIEW_BASIC},
          [&] { return PlanCloneOf(services_, in, stop); }));
  return absl::OkStatus();
}

absl::Status PlanningHandlers::PlanPromotion(const v1::PlanPromotionRequest& in,
                                             v1::PlanPromotionResponse* out,
                                             std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      *out->mutable_plan(),
      AnswerWithPlan(services_, in, {"PlanPromotion", in.validate_only(), true},
                     [&] { return PlanPromotionOf(services_, in, stop); }));
  return absl::OkStatus();
}

absl::Status PlanningHandlers::PlanRollback(const v1::PlanRollbackRequest& in,
                                            v1::PlanRollbackResponse* out,
                                            std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      *out->mutable_plan(),
      AnswerWithPlan(services_, in, {"PlanRollback", in.validate_only(), true},
                     [&] { return PlanRollbackOf(services_, in, stop); }));
  return absl::OkStatus();
}

absl::Status PlanningHandlers::PlanCleanup(const v1::PlanCleanupRequest& in,
                                           v1::PlanCleanupResponse* out,
                                           std::stop_token stop) {
  DOPPEL_ASSIGN_OR_RETURN(
      *out->mutable_plan(),
      AnswerWithPlan(
          services_, in,
          {"PlanCleanup", in.validate_only(), in.view() != v1::PLAN_VIEW_BASIC},
          [&] { return PlanCleanupOf(services_, in, stop); }));
  return absl::OkStatus();
}

absl::Status PlanningHandlers::GetPlan(const v1::GetPlanRequest& in,
                                       v1::GetPlanResponse* out,
                                       std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("plans", in.name(), "name"));
  DOPPEL_ASSIGN_OR_RETURN(const store::PlanRecord record,
                          services_.store->GetPlan(id));
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                          clone::PlanFromJson(record.json));
  *out->mutable_plan() = ToProto(plan, record.fingerprint, record.create_time,
                                 in.view() != v1::PLAN_VIEW_BASIC);
  return absl::OkStatus();
}

absl::Status PlanningHandlers::ListPlans(const v1::ListPlansRequest& in,
                                         v1::ListPlansResponse* out,
                                         std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const int size,
                          PageSize(in.page_size(), 50, kMostListed));
  DOPPEL_ASSIGN_OR_RETURN(const std::string from,
                          ReadPageToken(in, in.page_token()));
  DOPPEL_ASSIGN_OR_RETURN(const store::Page<store::PlanRecord> page,
                          services_.store->ListPlans(size, from));
  for (const store::PlanRecord& record : page.items) {
    DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                            clone::PlanFromJson(record.json));
    *out->add_plans() =
        ToProto(plan, record.fingerprint, record.create_time, false);
  }
  out->set_next_page_token(MakePageToken(in, page.next));
  return absl::OkStatus();
}

absl::Status PlanningHandlers::ListOperations(
    const v1::ListOperationsRequest& in, v1::ListOperationsResponse* out,
    std::stop_token) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("plans", in.plan(), "plan"));
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan, LoadPlan(services_, id));
  DOPPEL_ASSIGN_OR_RETURN(const Slice slice,
                          SliceOf(in, plan.operations.size(), 1000,
                                  services_.limits.max_page_size));
  for (size_t i = slice.begin; i < slice.end; ++i) {
    *out->add_operations() = ToProto(plan.operations[i]);
  }
  out->set_next_page_token(slice.next_page_token);
  return absl::OkStatus();
}

absl::Status PlanningHandlers::Advise(const v1::AdviseRequest& in,
                                      v1::AdviseResponse* out,
                                      std::stop_token stop) {
  return AdviseOf(services_, in, out, std::move(stop));
}

}  // namespace doppel::rpc
