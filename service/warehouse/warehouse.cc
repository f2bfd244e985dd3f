#include "service/warehouse/warehouse.h"

#include <span>
#include <stop_token>
#include <vector>

#include "absl/status/statusor.h"
#include "service/base/relation_details.h"

namespace doppel::warehouse {

absl::StatusOr<std::vector<RelationDetails>> Warehouse::Describe(
    std::span<const DetailsWish> wishes, std::stop_token) {
  std::vector<RelationDetails> details;
  for (const DetailsWish& wish : wishes) {
    details.emplace_back().name = wish.name;
  }
  return details;
}

}  // namespace doppel::warehouse
