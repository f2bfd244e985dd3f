#include "service/base/error.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace doppel {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

TEST(ErrorTest, CarriesEveryDetailThroughAStatus) {
  const absl::Status status =
      Error(absl::StatusCode::kFailedPrecondition, Reason::kWorldChanged,
            "relation \"a:b\" is gone")
          .With("relation", "a:b")
          .With("count", 3)
          .Field("plan", "12:stale")
          .Precondition("RELATION", "a:b", "dropped since")
          .Resource("plan", "plans/1")
          .RetryAfter(absl::Milliseconds(1500));

  const std::optional<ErrorDetails> details = GetErrorDetails(status);

  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, Reason::kWorldChanged);
  EXPECT_THAT(details->metadata,
              ElementsAre(Pair("relation", "a:b"), Pair("count", "3")));
  ASSERT_EQ(details->fields.size(), 1);
  EXPECT_EQ(details->fields[0].description, "12:stale");
  ASSERT_EQ(details->preconditions.size(), 1);
  EXPECT_EQ(details->preconditions[0].subject, "a:b");
  EXPECT_EQ(details->resource->name, "plans/1");
  EXPECT_EQ(details->retry_after, absl::Milliseconds(1500));
}

TEST(ErrorTest, AStatusOfAnotherMakerHasNoDetails) {
  EXPECT_EQ(GetErrorDetails(absl::NotFoundError("x")), std::nullopt);
  EXPECT_EQ(GetReason(absl::NotFoundError("x")), Reason::kUnspecified);
}

TEST(ErrorTest, AnnotateKeepsCodeAndReason) {
  const absl::Status status = Annotate(
      Error(absl::StatusCode::kNotFound, Reason::kPlanNotFound, "no plan"),
      "while resuming");

  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "while resuming: no plan");
  EXPECT_EQ(GetReason(status), Reason::kPlanNotFound);
}

TEST(ReasonTest, NamesGoBothWays) {
  EXPECT_EQ(ReasonName(Reason::kRequestIdReused), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonFromName("STORE_FULL"), Reason::kStoreFull);
  EXPECT_EQ(ReasonFromName("NO_SUCH_REASON"), std::nullopt);
}

}  // namespace
}  // namespace doppel
