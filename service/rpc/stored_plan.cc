#include "service/rpc/stored_plan.h"

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/rpc/convert_plan.h"
#include "service/rpc/request_digest.h"
#include "service/store/store.h"

namespace doppel::rpc {
namespace {

absl::StatusOr<v1::ClonePlan> Stored(const Services& services,
                                     absl::string_view name, bool full) {
  DOPPEL_ASSIGN_OR_RETURN(const std::string id,
                          ResourceIdOf("plans", name, "name"));
  DOPPEL_ASSIGN_OR_RETURN(const store::PlanRecord record,
                          services.store->GetPlan(id));
  DOPPEL_ASSIGN_OR_RETURN(const clone::Plan plan,
                          clone::PlanFromJson(record.json));
  return ToProto(plan, record.fingerprint, record.create_time, full);
}

}  // namespace

absl::StatusOr<clone::Plan> LoadPlan(const Services& services,
                                     absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(const store::PlanRecord record,
                          services.store->GetPlan(id));
  return clone::PlanFromJson(record.json);
}

absl::StatusOr<v1::ClonePlan> AnswerWithPlan(
    const Services& services, const google::protobuf::Message& request,
    const PlanAnswer& answer,
    const std::function<absl::StatusOr<clone::Plan>()>& make) {
  DOPPEL_ASSIGN_OR_RETURN(const std::optional<std::string> answered,
                          FindAnswer(*services.store, answer.method, request));
  if (answered.has_value()) return Stored(services, *answered, answer.full);
  DOPPEL_ASSIGN_OR_RETURN(clone::Plan plan, make());
  const std::string fingerprint = clone::FingerprintOf(plan);
  const absl::Time now = services.clock();
  if (!answer.validate_only) {
    plan.id = NewUuid();
    DOPPEL_RETURN_IF_ERROR(services.store->PutPlan(
        {plan.id, fingerprint, clone::PlanToJson(plan), now},
        RememberAnswer(answer.method, request,
                       absl::StrCat("plans/", plan.id))));
  }
  return ToProto(plan, fingerprint, now, answer.full);
}

}  // namespace doppel::rpc
