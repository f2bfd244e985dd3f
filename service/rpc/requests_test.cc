#include "absl/status/status.h"
#include "doppel/v1/manifest_service.pb.h"
#include "gtest/gtest.h"
#include "service/base/error.h"
#include "service/base/reason.h"
#include "service/rpc/page_token.h"
#include "service/rpc/request_digest.h"
#include "service/rpc/slice.h"

namespace doppel::rpc {
namespace {

v1::ListNodesRequest NodesOf(const char* manifest) {
  v1::ListNodesRequest request;
  request.set_manifest(manifest);
  return request;
}

TEST(PageTokenTest, LeadsToWhereThePageEnded) {
  v1::ListNodesRequest request = NodesOf("manifests/a");
  const std::string token = MakePageToken(request, "some key");
  // Another page size is the same query.
  request.set_page_size(7);
  request.set_page_token(token);

  EXPECT_EQ(*ReadPageToken(request, token), "some key");
  EXPECT_EQ(MakePageToken(request, ""), "");
  EXPECT_EQ(*ReadPageToken(request, ""), "");
}

TEST(PageTokenTest, IsRefusedByAnotherQuery) {
  const std::string token = MakePageToken(NodesOf("manifests/a"), "key");

  for (const std::string& bad :
       {token, std::string("garbage"), std::string("!"), token + "x"}) {
    const absl::Status status =
        ReadPageToken(NodesOf("manifests/b"), bad).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(GetReason(status), Reason::kPageTokenInvalid);
  }
}

TEST(PageSizeTest, HasADefaultAndALimit) {
  EXPECT_EQ(*PageSize(0, 50, 1000), 50);
  EXPECT_EQ(*PageSize(1000, 50, 1000), 1000);
  EXPECT_EQ(*PageSize(1001, 50, 1000), 1000);
  EXPECT_EQ(PageSize(-1, 50, 1000).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(SliceTest, GoesThroughAllItems) {
  v1::ListNodesRequest request = NodesOf("manifests/a");
  request.set_page_size(2);

  const Slice first = *SliceOf(request, 3, 1000, 1000);
  EXPECT_EQ(first.begin, 0);
  EXPECT_EQ(first.end, 2);
  request.set_page_token(first.next_page_token);
  const Slice second = *SliceOf(request, 3, 1000, 1000);
  EXPECT_EQ(second.begin, 2);
  EXPECT_EQ(second.end, 3);
  EXPECT_EQ(second.next_page_token, "");
}

TEST(SliceTest, OfNothingIsEmpty) {
  const Slice slice = *SliceOf(NodesOf("manifests/a"), 0, 10, 10);
  EXPECT_EQ(slice.begin, slice.end);
  EXPECT_EQ(slice.next_page_token, "");
}

TEST(DigestTest, LooksAtEveryFieldButThose) {
  v1::DeleteManifestRequest a;
  a.set_name("manifests/a");
  a.set_request_id("1");
  v1::DeleteManifestRequest b = a;
  b.set_request_id("2");

  EXPECT_EQ(DigestWithout(a, {"request_id"}), DigestWithout(b, {"request_id"}));
  b.set_validate_only(true);
  EXPECT_NE(DigestWithout(a, {"request_id"}), DigestWithout(b, {"request_id"}));
}

}  // namespace
}  // namespace doppel::rpc
