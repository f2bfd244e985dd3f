// A connection to a database inside this process, and what keeps that open.
//
// Thread contract: as Session's.
#ifndef DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCE_SESSION_H_
#define DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCE_SESSION_H_

#include <memory>
#include <stop_token>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/adbc/connection.h"
#include "service/warehouse/adbc/instances.h"
#include "service/warehouse/adbc/keeper.h"
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::adbc {

class InstanceSession final : public Session {
 public:
  // `keeper`: to whom the lease goes in the end; null for nobody.
  InstanceSession(Instances::Lease lease,
                  std::unique_ptr<Connection> connection,
                  std::shared_ptr<Keeper> keeper = nullptr)
      : lease_(std::move(lease)),
        connection_(std::move(connection)),
        keeper_(std::move(keeper)) {}
  ~InstanceSession() override {
    connection_.reset();
    if (keeper_ != nullptr) keeper_->Keep(std::move(lease_));
  }

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override {
    return connection_->Execute(sql, std::move(stop));
  }
  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override {
    return connection_->Query(sql, std::move(stop));
  }

 private:
  Instances::Lease lease_;
  std::unique_ptr<Connection> connection_;
  const std::shared_ptr<Keeper> keeper_;
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCE_SESSION_H_
