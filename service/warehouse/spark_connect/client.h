// Spark Connect's protocol, from the client's side: a channel to a server, and
// sessions on it.
//
// A statement is one operation with an id of its own. It is attached to again
// where the stream of its answer breaks or the server ends it early, so that a
// proxy which cuts long streams does no harm; and it is released at its end.
// It goes on where whoever sent it dies, for as long as it takes.
//
// Rules: pyspark 4.2, sql/connect/client/core.py and reattach.py.
//
// Thread contract: Client is thread-safe. A ClientSession is used by one thread
// at a time.
#ifndef DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CLIENT_H_
#define DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CLIENT_H_

#include <memory>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/spark_connect/credentials.h"
#include "service/warehouse/warehouse.h"
#include "spark_connect.grpc.pb.h"

namespace doppel::warehouse::spark_connect {

class Client {
 public:
  // Nothing is sent before the first session.
  explicit Client(const Credentials& credentials);

  // A new session, with that UUID, of a server that answered. Errors: those of
  // Session.
  absl::StatusOr<std::unique_ptr<Session>> Connect(absl::string_view id);

  // Stops what is under way in that session, waits for its end, and closes the
  // session, so that nothing more can begin in it. Errors: those of Session.
  absl::Status End(absl::string_view id, std::stop_token stop);

 private:
  friend class ClientSession;

  const Credentials credentials_;
  const std::shared_ptr<spark::connect::SparkConnectService::Stub> stub_;
};

}  // namespace doppel::warehouse::spark_connect

#endif  // DOPPEL_SERVICE_WAREHOUSE_SPARK_CONNECT_CLIENT_H_
