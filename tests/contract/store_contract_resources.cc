// The contract on manifests, environments, plans, resolutions and requests.
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "service/base/digest.h"
#include "service/manifest/text.h"
#include "service/store/store.h"
#include "tests/contract/store_contract.h"

namespace doppel::store {
namespace {

TEST_P(StoreContract, KeepsTheBytesOfAManifest) {
  const std::string bytes(100'000, 'x');

  const std::string digest = PutManifest(bytes);
  Reopen();

  const auto text = store().ReadManifest(digest);
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(text->view(), bytes);
  const auto record = store().GetManifest(digest);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->size_bytes, 100'000);
  EXPECT_EQ(record->summary, absl::StrCat("summary of ", digest));
  EXPECT_EQ(record->create_time, now_);
}

TEST_P(StoreContract, LetsReadPastTheBytesOfAManifest) {
  for (const size_t size : {1u, 4095u, 4096u, 4097u, 8192u - 64, 8192u}) {
    const std::string digest = PutManifest(std::string(size, 'p'));
    const auto text = store().ReadManifest(digest);
    ASSERT_TRUE(text.ok());
    const char* end = text->view().data() + text->view().size();
    int sum = 0;
    for (size_t i = 0; i < manifest::Text::kPadding; ++i) sum += end[i];
    EXPECT_EQ(sum, 0) << size;
  }
}

TEST_P(StoreContract, GoesOnWithAnUploadAfterReopening) {
  const std::string digest = Sha256Hex("hello world");
  ExpectOk(store().AppendUpload(digest, 0, "hello "));
  Reopen();

  EXPECT_EQ(store().UploadedBytes(digest).value_or(-1), 6);
  ExpectStatus(store().AppendUpload(digest, 5, "world"),
               absl::StatusCode::kFailedPrecondition,
               Reason::kUploadOffsetMismatch);
  ExpectOk(store().AppendUpload(digest, 6, "world"));
  EXPECT_EQ(store().ReadUpload(digest)->view(), "hello world");
  ExpectOk(store().CommitManifest({digest, 11, "", now_}));
  EXPECT_EQ(store().UploadedBytes(digest).value_or(-1), 0);
  EXPECT_EQ(store().ReadManifest(digest)->view(), "hello world");
}

TEST_P(StoreContract, ThrowsAnUploadAway) {
  const std::string digest = Sha256Hex("abc");
  ExpectOk(store().AppendUpload(digest, 0, "abX"));
  const auto mapped = store().ReadUpload(digest);

  ExpectOk(store().DiscardUpload(digest));
  ExpectOk(store().DiscardUpload(digest));

  EXPECT_EQ(store().UploadedBytes(digest).value_or(-1), 0);
  EXPECT_EQ(mapped->view(), "abX") << "what was read stays readable";
}

TEST_P(StoreContract, DoesNotCommitAnUploadOfAnotherSize) {
  const std::string digest = Sha256Hex("abc");
  ExpectOk(store().AppendUpload(digest, 0, "ab"));

  ExpectStatus(store().CommitManifest({digest, 3, "", now_}),
               absl::StatusCode::kFailedPrecondition,
               Reason::kUploadOffsetMismatch);

  ExpectStatus(store().GetManifest(digest).status(),
               absl::StatusCode::kNotFound, Reason::kManifestNotFound);
}

TEST_P(StoreContract, CommitsTheSameManifestTwice) {
  const std::string digest = PutManifest("abc");

  EXPECT_EQ(PutManifest("abc"), digest);
  ExpectOk(store().CommitManifest({digest, 3, "", now_}));

  EXPECT_EQ(store().ListManifests(10, "")->items.size(), 1u);
}

TEST_P(StoreContract, RefusesADigestThatIsNone) {
  for (const char* digest : {"", "../../etc/passwd", "ABC"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store().AppendUpload(digest, 0, "x")));
    ExpectStatus(store().ReadManifest(digest).status(),
                 absl::StatusCode::kNotFound, Reason::kManifestNotFound);
  }
}

TEST_P(StoreContract, ListsManifestsFromTheNewest) {
  for (int i = 0; i < 5; ++i) PutManifest(absl::StrCat("manifest ", i));
  Reopen();

  const auto first = store().ListManifests(2, "");
  ASSERT_TRUE(first.ok());
  const auto second = store().ListManifests(2, first->next);
  const auto third = store().ListManifests(2, second->next);

  EXPECT_EQ(first->items[0].digest, Sha256Hex("manifest 4"));
  EXPECT_EQ(second->items[0].digest, Sha256Hex("manifest 2"));
  ASSERT_EQ(third->items.size(), 1u);
  EXPECT_EQ(third->items[0].digest, Sha256Hex("manifest 0"));
  EXPECT_EQ(third->next, "");
  ExpectStatus(store().ListManifests(2, "no place").status(),
               absl::StatusCode::kInvalidArgument, Reason::kPageTokenInvalid);
}

TEST_P(StoreContract, KeepsAManifestThatAnEnvironmentPointsTo) {
  const std::string digest = PutManifest("abc");
  EnvironmentRecord prod = SomeEnvironment("prod");
  prod.manifest = digest;
  ExpectOk(store().CreateEnvironment(prod, std::nullopt));

  ExpectStatus(store().DeleteManifest(digest, SomeRequest("r")),
               absl::StatusCode::kFailedPrecondition, Reason::kManifestInUse);
  EXPECT_FALSE(store().FindRequest("r")->has_value());

  ExpectOk(store().DeleteEnvironment("prod", "", std::nullopt));
  ExpectOk(store().DeleteManifest(digest, SomeRequest("r")));
  Reopen();
  ExpectStatus(store().ReadManifest(digest).status(),
               absl::StatusCode::kNotFound, Reason::kManifestNotFound);
  ExpectStatus(store().DeleteManifest(digest, std::nullopt),
               absl::StatusCode::kNotFound, Reason::kManifestNotFound);
  EXPECT_TRUE(store().FindRequest("r")->has_value());
}

void ExpectSame(const EnvironmentRecord& found, const EnvironmentRecord& kept) {
  EXPECT_EQ(found.id, kept.id);
  EXPECT_EQ(found.manifest, kept.manifest);
  EXPECT_EQ(found.connection, kept.connection);
  EXPECT_EQ(found.is_protected, kept.is_protected);
  EXPECT_EQ(found.expire_time, kept.expire_time);
  EXPECT_EQ(found.description, kept.description);
  EXPECT_EQ(found.etag, kept.etag);
  EXPECT_EQ(found.create_time, kept.create_time);
  EXPECT_EQ(found.update_time, kept.update_time);
}

TEST_P(StoreContract, KeepsAnEnvironmentAsItWasWritten) {
  EnvironmentRecord written = SomeEnvironment("prod");
  ExpectOk(store().CreateEnvironment(written, std::nullopt));
  Reopen();
  ExpectSame(*store().GetEnvironment("prod"), written);

  written.manifest = PutManifest("abc");
  written.is_protected = false;
  written.expire_time.reset();
  written.connection = "";
  written.etag = "etag-2";
  ExpectOk(store().UpdateEnvironment(written, "etag-1", std::nullopt));
  Reopen();
  ExpectSame(*store().GetEnvironment("prod"), written);
}

TEST_P(StoreContract, RefusesAnEnvironmentThatIsThere) {
  ExpectOk(store().CreateEnvironment(SomeEnvironment("prod"), std::nullopt));

  ExpectStatus(
      store().CreateEnvironment(SomeEnvironment("prod"), SomeRequest("r")),
      absl::StatusCode::kAlreadyExists, Reason::kEnvironmentExists);

  EXPECT_FALSE(store().FindRequest("r")->has_value());
}

TEST_P(StoreContract, RefusesAnEnvironmentOfNoManifest) {
  EnvironmentRecord prod = SomeEnvironment("prod");
  prod.manifest = Sha256Hex("nothing");

  ExpectStatus(store().CreateEnvironment(prod, std::nullopt),
               absl::StatusCode::kNotFound, Reason::kManifestNotFound);
}

TEST_P(StoreContract, ChangesAnEnvironmentOnlyAtItsEtag) {
  EnvironmentRecord prod = SomeEnvironment("prod");
  ExpectOk(store().CreateEnvironment(prod, std::nullopt));
  prod.etag = "etag-2";

  ExpectStatus(store().UpdateEnvironment(prod, "other", std::nullopt),
               absl::StatusCode::kAborted, Reason::kEtagMismatch);
  ExpectStatus(store().DeleteEnvironment("prod", "other", std::nullopt),
               absl::StatusCode::kAborted, Reason::kEtagMismatch);
  ExpectStatus(
      store().UpdateEnvironment(SomeEnvironment("qa"), "etag-1", std::nullopt),
      absl::StatusCode::kNotFound, Reason::kEnvironmentNotFound);
  ExpectStatus(store().DeleteEnvironment("qa", "", std::nullopt),
               absl::StatusCode::kNotFound, Reason::kEnvironmentNotFound);

  EXPECT_EQ(store().GetEnvironment("prod")->etag, "etag-1");
  ExpectOk(store().DeleteEnvironment("prod", "etag-1", std::nullopt));
}

TEST_P(StoreContract, ListsEnvironmentsById) {
  for (const char* id : {"qa", "dev", "prod"}) {
    ExpectOk(store().CreateEnvironment(SomeEnvironment(id), std::nullopt));
  }

  const auto first = store().ListEnvironments(2, "");
  ASSERT_TRUE(first.ok());
  const auto second = store().ListEnvironments(2, first->next);

  ASSERT_EQ(first->items.size(), 2u);
  EXPECT_EQ(first->items[0].id, "dev");
  EXPECT_EQ(first->items[1].id, "prod");
  ASSERT_EQ(second->items.size(), 1u);
  EXPECT_EQ(second->items[0].id, "qa");
  EXPECT_EQ(second->next, "");
}

TEST_P(StoreContract, RemembersARequestWithItsEffect) {
  const RequestRecord asked = SomeRequest("id-1");
  ExpectOk(store().CreateEnvironment(SomeEnvironment("prod"), asked));
  Reopen();

  const auto found = store().FindRequest("id-1");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->method, asked.method);
  EXPECT_EQ((*found)->digest, asked.digest);
  EXPECT_EQ((*found)->response, asked.response);
  ExpectStatus(store().CreateEnvironment(SomeEnvironment("qa"), asked),
               absl::StatusCode::kAlreadyExists, Reason::kRequestIdReused);
  EXPECT_FALSE(store().GetEnvironment("qa").ok());
}

TEST_P(StoreContract, RemembersRequestsForADayAndNotForEver) {
  ExpectOk(store().CreateEnvironment(SomeEnvironment("a"), SomeRequest("1")));
  now_ += absl::Hours(24);
  ExpectOk(store().CreateEnvironment(SomeEnvironment("b"), SomeRequest("2")));
  Reopen();
  EXPECT_TRUE(store().FindRequest("1")->has_value());

  now_ += absl::Hours(24 * 30);
  ExpectOk(store().CreateEnvironment(SomeEnvironment("c"), SomeRequest("3")));

  EXPECT_FALSE(store().FindRequest("1")->has_value());
  EXPECT_TRUE(store().FindRequest("3")->has_value());
}

TEST_P(StoreContract, KeepsPlansAndResolutions) {
  const std::string json(300'000, 'j');
  ExpectOk(store().PutPlan({"p1", "f1", json, now_}, SomeRequest("r")));
  ExpectOk(store().PutPlan({"p2", "f2", "{}", now_}, std::nullopt));
  ExpectOk(store().PutResolution({"r1", "{\"inputs\":1}", now_}));
  ExpectOk(store().PutResolution({"r1", "{\"inputs\":1}", now_}));
  Reopen();

  EXPECT_EQ(store().GetPlan("p1")->json, json);
  EXPECT_EQ(store().GetPlan("p1")->fingerprint, "f1");
  EXPECT_EQ(store().GetResolution("r1")->inputs, "{\"inputs\":1}");
  const auto page = store().ListPlans(1, "");
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->items[0].id, "p2");
  EXPECT_EQ(store().ListPlans(1, page->next)->items[0].id, "p1");
  ExpectStatus(store().GetPlan("p3").status(), absl::StatusCode::kNotFound,
               Reason::kPlanNotFound);
  ExpectStatus(store().GetResolution("r3").status(),
               absl::StatusCode::kNotFound, Reason::kResolutionNotFound);
}

}  // namespace
}  // namespace doppel::store
