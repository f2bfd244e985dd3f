// A plan as the store keeps it, read back.
#ifndef DOPPEL_SERVICE_RPC_STORED_PLAN_H_
#define DOPPEL_SERVICE_RPC_STORED_PLAN_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/status_macros.h"
#include "service/clone/plan.h"
#include "service/rpc/services.h"
#include "service/store/store.h"

namespace doppel::rpc {

// The plan of that id. NOT_FOUND PLAN_NOT_FOUND.
inline absl::StatusOr<clone::Plan> LoadPlan(const Services& services,
                                            absl::string_view id) {
  DOPPEL_ASSIGN_OR_RETURN(const store::PlanRecord record,
                          services.store->GetPlan(id));
  return clone::PlanFromJson(record.json);
}

}  // namespace doppel::rpc

#endif  // DOPPEL_SERVICE_RPC_STORED_PLAN_H_
