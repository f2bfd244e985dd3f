// An emulator of Snowflake for the tests of one program, started by
// tests/support/start_snowflake when it is first asked for; it ends with the
// program.
//
// Thread contract: used by one thread.
#ifndef DOPPEL_TESTS_SUPPORT_SNOWFLAKE_SERVER_H_
#define DOPPEL_TESTS_SUPPORT_SNOWFLAKE_SERVER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "service/warehouse/snowflake/credentials.h"

namespace doppel::testing {

// Where Bazel puts the drivers of a test that has them in its data.
inline constexpr char kSnowflakeDriverDir[] = "../drivers";

// "" where there are a driver and an emulator; else why tests are to be
// skipped.
std::string WhyNoSnowflake();

// The name of a database that no test has asked for; it is there as soon as
// somebody logs in to it.
std::string NewSnowflakeDatabase();

// A target of profiles.yml that logs in there. `login`: members of a flow
// mapping.
absl::StatusOr<warehouse::snowflake::Credentials> SnowflakeCredentials(
    absl::string_view database,
    absl::string_view login = "user: u, password: open-sesame");

// Kills it with all that is in it. Who asks next has another.
void KillSnowflake();

// The last login, as JSON: what the driver sent.
std::string LastSnowflakeLogin();

}  // namespace doppel::testing

#endif  // DOPPEL_TESTS_SUPPORT_SNOWFLAKE_SERVER_H_
