#include "service/base/identifier.h"

#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "service/base/digest.h"

namespace doppel {
namespace {

TEST(IdentifierTest, UuidsHaveTheirFormAndDiffer) {
  const std::string uuid = NewUuid();

  EXPECT_TRUE(IsUuid(uuid)) << uuid;
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(uuid, NewUuid());
  EXPECT_FALSE(IsUuid("9f1c2f0e-0e5f-4a57-8a55-5c0f3a1d2b4"));
  EXPECT_FALSE(IsUuid("9f1c2f0e+0e5f-4a57-8a55-5c0f3a1d2b44"));
}

TEST(IdentifierTest, ResourceIdsAreSixtyThreeAtMost) {
  EXPECT_TRUE(IsResourceId("prod"));
  EXPECT_TRUE(IsResourceId(std::string(63, 'a')));
  EXPECT_FALSE(IsResourceId(std::string(64, 'a')));
  EXPECT_FALSE(IsResourceId(""));
  EXPECT_FALSE(IsResourceId("1st"));
  EXPECT_FALSE(IsResourceId("Prod"));
  EXPECT_FALSE(IsResourceId("a/b"));
}

TEST(IdentifierTest, ResourceNamesAreTakenApart) {
  EXPECT_EQ(*ResourceIdOf("plans", "plans/7", "plan"), "7");
  for (const char* bad : {"", "7", "plans/", "plan/7", "plans/7/8"}) {
    EXPECT_EQ(ResourceIdOf("plans", bad, "plan").status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(DigestTest, IsSha256InHexadecimal) {
  // FIPS 180-2, appendix B.1.
  const std::string abc =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(Sha256Hex("abc"), abc);

  Sha256 pieces;
  pieces.Update("a");
  pieces.Update("bc");
  EXPECT_EQ(pieces.FinishHex(), abc);
  EXPECT_TRUE(IsSha256Hex(abc));
  EXPECT_FALSE(IsSha256Hex(abc.substr(1)));
  EXPECT_FALSE(IsSha256Hex("B" + abc.substr(1)));
}

}  // namespace
}  // namespace doppel
