#include "service/warehouse/spark_connect/errors.h"

#include <map>
#include <string>

#include "absl/status/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"
#include "service/base/error.h"

namespace doppel::warehouse::spark_connect {
namespace {

grpc::Status Answer(const std::string& error_class,
                    const std::string& sqlstate) {
  google::rpc::ErrorInfo info;
  (*info.mutable_metadata())["errorClass"] = error_class;
  (*info.mutable_metadata())["sqlState"] = sqlstate;
  google::rpc::Status whole;
  whole.add_details()->PackFrom(info);
  return {grpc::StatusCode::INTERNAL, " what Spark says\n",
          whole.SerializeAsString()};
}

void Expect(const grpc::Status& answer, absl::StatusCode code, Reason reason) {
  const absl::Status status = MapError(answer);
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_EQ(GetReason(status), reason) << status;
}

TEST(SparkErrors, GoByTheErrorClassAndTheSqlstate) {
  using enum absl::StatusCode;
  Expect(Answer("TABLE_OR_VIEW_NOT_FOUND", "42P01"), kFailedPrecondition,
         Reason::kWarehouseStatementFailed);
  Expect(Answer("OPERATION_CANCELED", "HY008"), kCancelled, Reason::kCancelled);
  Expect(Answer("DELTA_CONCURRENT_APPEND.WITHOUT_HINT", "2D521"), kUnavailable,
         Reason::kWarehouseBusy);
  Expect(Answer("INVALID_HANDLE.SESSION_CLOSED", "HY000"), kUnavailable,
         Reason::kWarehouseUnreachable);
  Expect(Answer("INSUFFICIENT_PERMISSIONS", "42501"), kFailedPrecondition,
         Reason::kWarehousePermissionDenied);
  Expect(Answer("UNKNOWN_CLASS", "42501"), kFailedPrecondition,
         Reason::kWarehousePermissionDenied);
}

TEST(SparkErrors, GoByTheCallsOwnCode) {
  using enum absl::StatusCode;
  const std::map<grpc::StatusCode, Reason> reasons = {
      {grpc::StatusCode::UNAVAILABLE, Reason::kWarehouseUnreachable},
      {grpc::StatusCode::DEADLINE_EXCEEDED, Reason::kWarehouseUnreachable},
      {grpc::StatusCode::UNIMPLEMENTED, Reason::kWarehouseUnreachable},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, Reason::kWarehouseBusy}};
  for (const auto& [code, reason] : reasons) {
    Expect({code, "words"}, kUnavailable, reason);
  }
  Expect({grpc::StatusCode::CANCELLED, ""}, kCancelled, Reason::kCancelled);
  Expect({grpc::StatusCode::UNAUTHENTICATED, ""}, kFailedPrecondition,
         Reason::kWarehouseAuthenticationFailed);
  Expect({grpc::StatusCode::PERMISSION_DENIED, ""}, kFailedPrecondition,
         Reason::kWarehousePermissionDenied);
  Expect({grpc::StatusCode::INTERNAL, "", "no status"}, kFailedPrecondition,
         Reason::kWarehouseStatementFailed);
}

TEST(SparkErrors, KeepSparksWords) {
  const absl::Status status = MapError(Answer("PARSE_SYNTAX_ERROR", "42601"));

  EXPECT_EQ(status.message(), "Spark: what Spark says");
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->metadata,
            (std::vector<std::pair<std::string, std::string>>{
                {"error_class", "PARSE_SYNTAX_ERROR"}, {"sqlstate", "42601"}}));
}

}  // namespace
}  // namespace doppel::warehouse::spark_connect
