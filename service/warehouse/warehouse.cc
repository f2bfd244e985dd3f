#include "service/warehouse/warehouse.h"

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/base/status_macros.h"

namespace doppel::warehouse {

absl::Status Session::ExecuteAll(std::span<const std::string> statements,
                                 std::stop_token stop) {
  for (const std::string& statement : statements) {
    DOPPEL_RETURN_IF_ERROR(Execute(statement, stop));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Session>> Warehouse::ConnectAs(
    absl::string_view) {
  return Connect();
}

absl::Status Warehouse::EndSession(absl::string_view, std::stop_token) {
  return absl::OkStatus();
}

absl::Status Warehouse::ClearLeftovers(std::span<const RelationName>,
                                       std::stop_token) {
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RelationDetails>> Warehouse::Describe(
    std::span<const DetailsWish> wishes, std::stop_token) {
  std::vector<RelationDetails> details;
  for (const DetailsWish& wish : wishes) {
    details.emplace_back().name = wish.name;
  }
  return details;
}

}  // namespace doppel::warehouse
