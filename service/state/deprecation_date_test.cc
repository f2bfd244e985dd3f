#include "service/state/deprecation_date.h"

#include <gtest/gtest.h>

namespace doppel::state {
namespace {

TEST(DeprecationDateTest, ComparesInstantsAndNotTheirSpelling) {
  EXPECT_TRUE(SameDeprecationDate("", ""));
  EXPECT_TRUE(SameDeprecationDate("2022-05-01T00:00:00+00:00",
                                  "2022-05-01T02:00:00+02:00"));
  EXPECT_TRUE(SameDeprecationDate("2022-05-01", "2022-05-01T00:00:00"));
  EXPECT_FALSE(SameDeprecationDate("", "2022-05-01T00:00:00+00:00"));
  EXPECT_FALSE(SameDeprecationDate("2022-05-01T00:00:00+00:00",
                                   "2022-05-02T00:00:00+00:00"));
}

TEST(DeprecationDateTest, NeverEqualsADateWithoutAZone) {
  EXPECT_FALSE(
      SameDeprecationDate("2022-05-01T00:00:00", "2022-05-01T00:00:00+00:00"));
}

TEST(DeprecationDateTest, IsPastFromTheNextInstantOn) {
  const absl::Time date =
      absl::FromCivil(absl::CivilDay(2022, 5, 1), absl::UTCTimeZone());
  EXPECT_FALSE(IsPastDeprecationDate("2022-05-01", date));
  EXPECT_TRUE(IsPastDeprecationDate("2022-05-01", date + absl::Nanoseconds(1)));
  EXPECT_FALSE(IsPastDeprecationDate("some day", absl::InfiniteFuture()));
}

}  // namespace
}  // namespace doppel::state
