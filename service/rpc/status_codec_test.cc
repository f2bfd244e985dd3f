#include "service/rpc/status_codec.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "doppel/v1/error_reason.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/base/reason.h"

namespace doppel::rpc {
namespace {

google::rpc::Status OnTheWire(const absl::Status& status) {
  const grpc::Status sent = ToGrpcStatus(status, "TestCall");
  google::rpc::Status received;
  EXPECT_TRUE(received.ParseFromString(sent.error_details()));
  EXPECT_EQ(received.code(), static_cast<int>(sent.error_code()));
  return received;
}

template <typename Detail>
Detail DetailOf(const google::rpc::Status& status) {
  Detail detail;
  for (const google::protobuf::Any& any : status.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  ADD_FAILURE() << "no " << detail.GetTypeName();
  return detail;
}

TEST(ReasonTest, IsTheEnumOfTheContract) {
  const auto* const contract = v1::ErrorReason_descriptor();
  for (int i = 0; i < contract->value_count(); ++i) {
    const auto* const value = contract->value(i);
    const auto reason = static_cast<Reason>(value->number());
    EXPECT_EQ(absl::StrCat("ERROR_REASON_", ReasonName(reason)), value->name());
  }
  // And nothing beyond it: a number that the contract lacks has no name.
  for (int number = 1; number < 200; ++number) {
    if (contract->FindValueByNumber(number) != nullptr) continue;
    EXPECT_EQ(ReasonName(static_cast<Reason>(number)), "UNSPECIFIED") << number;
  }
}

TEST(StatusCodecTest, PutsEveryDetailOnTheWire) {
  const google::rpc::Status status =
      OnTheWire(Error(absl::StatusCode::kInvalidArgument,
                      Reason::kSelectionSyntax, "bad selection")
                    .With("column", 7)
                    .Field("selection.select[0]", "expected a value")
                    .Precondition("RELATION", "a.b", "gone")
                    .Resource("plan", "plans/1")
                    .RetryAfter(absl::Milliseconds(1500)));

  EXPECT_EQ(status.message(), "bad selection");
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "SELECTION_SYNTAX");
  EXPECT_EQ(info.domain(), "doppel");
  EXPECT_EQ(info.metadata().at("column"), "7");
  EXPECT_EQ(
      DetailOf<google::rpc::BadRequest>(status).field_violations(0).field(),
      "selection.select[0]");
  EXPECT_EQ(
      DetailOf<google::rpc::PreconditionFailure>(status).violations(0).type(),
      "RELATION");
  EXPECT_EQ(DetailOf<google::rpc::ResourceInfo>(status).resource_name(),
            "plans/1");
  const auto delay = DetailOf<google::rpc::RetryInfo>(status).retry_delay();
  EXPECT_EQ(delay.seconds(), 1);
  EXPECT_EQ(delay.nanos(), 500'000'000);
}

TEST(StatusCodecTest, HidesWhatWasNotForeseen) {
  const google::rpc::Status status =
      OnTheWire(absl::InternalError("password=hunter2 at store.cc:12"));

  EXPECT_EQ(status.code(), static_cast<int>(absl::StatusCode::kInternal));
  EXPECT_EQ(status.message().find("hunter2"), std::string::npos);
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(info.reason(), "INTERNAL");
  EXPECT_EQ(info.metadata().at("call"), "TestCall");
  EXPECT_NE(status.message().find(info.metadata().at("incident")),
            std::string::npos);
}

TEST(StatusCodecTest, CutsLongMessagesBetweenCharacters) {
  const std::string at_limit(kMaxMessageBytes, 'x');
  const auto message = [](const std::string& text) {
    return OnTheWire(
               Error(absl::StatusCode::kNotFound, Reason::kPlanNotFound, text))
        .message();
  };

  EXPECT_EQ(message(at_limit), at_limit);
  EXPECT_EQ(message(at_limit + "y"), at_limit + "...");
  const std::string umlaut =
      std::string(kMaxMessageBytes - 1, 'x') + "\xc3\xa4";
  EXPECT_EQ(message(umlaut), std::string(kMaxMessageBytes - 1, 'x') + "...");
}

TEST(StatusCodecTest, ListsFiftyPreconditionsAndCountsTheRest) {
  Error error(absl::StatusCode::kFailedPrecondition, Reason::kWorldChanged,
              "changed");
  for (int i = 0; i < kMaxViolations + 2; ++i) {
    error.Precondition("RELATION", absl::StrCat("r", i), "gone");
  }

  const auto failure =
      DetailOf<google::rpc::PreconditionFailure>(OnTheWire(error));

  ASSERT_EQ(failure.violations_size(), kMaxViolations + 1);
  EXPECT_EQ(failure.violations(kMaxViolations).description(), "2 more");
}

TEST(StatusCodecTest, KeepsWhatTheStoreKept) {
  const google::rpc::Status status =
      ToRpcStatus({absl::StatusCode::kFailedPrecondition,
                   "WAREHOUSE_STATEMENT_FAILED", "no such table"});

  EXPECT_EQ(status.message(), "no such table");
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(status).reason(),
            "WAREHOUSE_STATEMENT_FAILED");
  EXPECT_EQ(ToRpcStatus(store::ErrorRecord()).code(), 0);
}

}  // namespace
}  // namespace doppel::rpc
