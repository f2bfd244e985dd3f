// A PostgreSQL server for the tests of one program: started by
// tests/support/start_postgres when it is first asked for, gone when the
// program has ended.
//
// Thread contract: used by one thread.
#ifndef DOPPEL_TESTS_SUPPORT_POSTGRES_SERVER_H_
#define DOPPEL_TESTS_SUPPORT_POSTGRES_SERVER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/postgres/credentials.h"

namespace doppel::testing {

// Where Bazel puts the drivers of a test that has them in its data.
inline constexpr char kDriverDir[] = "../drivers";

// The folder of the server's socket, which is the host of a connection. The
// user is "doppel", who may do anything.
absl::StatusOr<std::string> PostgresHost();

// Connects to that database as that user.
absl::StatusOr<warehouse::postgres::Credentials> PostgresCredentials(
    absl::string_view database, absl::string_view user = "doppel");

// A new, empty database; its name.
absl::StatusOr<std::string> NewPostgresDatabase();

}  // namespace doppel::testing

#endif  // DOPPEL_TESTS_SUPPORT_POSTGRES_SERVER_H_
