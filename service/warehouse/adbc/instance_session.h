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
#include "service/warehouse/warehouse.h"

namespace doppel::warehouse::adbc {

class InstanceSession final : public Session {
 public:
  InstanceSession(Instances::Lease lease,
                  std::unique_ptr<Connection> connection)
      : lease_(std::move(lease)), connection_(std::move(connection)) {}

  absl::Status Execute(absl::string_view sql, std::stop_token stop) override {
    return connection_->Execute(sql, std::move(stop));
  }
  absl::StatusOr<Rows> Query(absl::string_view sql,
                             std::stop_token stop) override {
    return connection_->Query(sql, std::move(stop));
  }

 private:
  const Instances::Lease lease_;
  const std::unique_ptr<Connection> connection_;  // goes first
};

}  // namespace doppel::warehouse::adbc

#endif  // DOPPEL_SERVICE_WAREHOUSE_ADBC_INSTANCE_SESSION_H_
