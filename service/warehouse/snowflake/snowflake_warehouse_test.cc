// What Snowflake does beyond the warehouse contract, through its own driver
// against an emulator that this program starts.
#include "service/warehouse/snowflake/snowflake_warehouse.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "service/base/catalog.h"
#include "service/base/error.h"
#include "service/base/relation.h"
#include "service/dialect/dialect.h"
#include "service/warehouse/warehouse.h"
#include "tests/support/rsa_keys.h"
#include "tests/support/snowflake_server.h"

namespace doppel::warehouse::snowflake {
namespace {

using doppel::testing::kSnowflakeDriverDir;
using doppel::testing::LastSnowflakeLogin;

class SnowflakeWarehouseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string why = doppel::testing::WhyNoSnowflake();
    if (!why.empty()) GTEST_SKIP() << why;
    database_ = doppel::testing::NewSnowflakeDatabase();
  }

  std::shared_ptr<Warehouse> Open(
      absl::string_view login = "user: u, password: open-sesame") {
    const auto credentials =
        doppel::testing::SnowflakeCredentials(database_, login);
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    return *OpenSnowflake(*credentials, kSnowflakeDriverDir);
  }

  std::unique_ptr<Session> Connect(
      absl::string_view login = "user: u, password: open-sesame") {
    auto session = Open(login)->Connect();
    EXPECT_TRUE(session.ok()) << session.status();
    return session.ok() ? *std::move(session) : nullptr;
  }

  // Logs in like that, and says whether the driver sent that.
  void ExpectLogin(absl::string_view login,
                   const std::vector<std::string>& sent) {
    ASSERT_NE(Connect(login), nullptr);
    const std::string last = LastSnowflakeLogin();
    for (const std::string& part : sent) {
      EXPECT_TRUE(absl::StrContains(last, part)) << part << "\n" << last;
    }
  }

  std::string database_;
};

void MustRun(Session& session, absl::string_view sql) {
  const absl::Status status = session.Execute(sql, {});
  ASSERT_TRUE(status.ok()) << sql << ": " << status;
}

TEST_F(SnowflakeWarehouseTest, ReadsNumbersOfAnyScale) {
  const auto session = Connect();

  const auto rows = session->Query(
      "select 42, -7, cast('12345678901234567890.05' as number(38, 2)), "
      "cast(-0.5 as number(10, 3)), true, to_date('2026-01-31')",
      {});

  ASSERT_TRUE(rows.ok()) << rows.status();
  std::vector<std::string> values;
  for (const auto& value : rows->rows[0]) values.push_back(value.value_or(""));
  EXPECT_EQ(values,
            (std::vector<std::string>{"42", "-7", "12345678901234567890.05",
                                      "-0.500", "true", "2026-01-31"}));
}

TEST_F(SnowflakeWarehouseTest, SendsAPasswordAndWhereASessionBegins) {
  ExpectLogin(
      "user: u, password: open-sesame, role: r, warehouse: w, schema: s, "
      "query_tag: nightly",
      {"\"LOGIN_NAME\": \"u\"", "\"PASSWORD\": \"open-sesame\"",
       "\"roleName\": \"r\"", "\"warehouse\": \"w\"", "\"schemaName\": \"s\"",
       absl::StrCat("\"databaseName\": \"", database_, "\""),
       "\"QUERY_TAG\": \"nightly\"", "doppel"});
}

TEST_F(SnowflakeWarehouseTest, SendsTokens) {
  ExpectLogin("authenticator: oauth, token: tk-1",
              {"\"AUTHENTICATOR\": \"OAUTH\"", "\"TOKEN\": \"tk-1\""});
  ExpectLogin("authenticator: jwt, token: tk-2",
              {"\"AUTHENTICATOR\": \"OAUTH\"", "\"TOKEN\": \"tk-2\""});
  ExpectLogin("user: u, authenticator: programmatic_access_token, token: tk-3",
              {"\"AUTHENTICATOR\": \"PROGRAMMATIC_ACCESS_TOKEN\"",
               "\"TOKEN\": \"tk-3\""});
}

TEST_F(SnowflakeWarehouseTest, SignsWithAKeyInAnyForm) {
  const auto key = doppel::testing::NewRsaKey("open sesame");

  for (const std::string& form :
       {key.pkcs1_pem, key.pkcs8_pem, key.encrypted_pem, key.der_base64,
        key.encrypted_der_base64}) {
    // A token of three parts, signed: {"alg":"RS256",...
    ExpectLogin(absl::StrCat("user: u, private_key_passphrase: open sesame, "
                             "private_key: \"",
                             absl::StrReplaceAll(form, {{"\n", "\\n"}}), "\""),
                {"\"AUTHENTICATOR\": \"SNOWFLAKE_JWT\"",
                 "\"TOKEN\": \"eyJhbGciOiJSUzI1NiI"});
  }
}

TEST_F(SnowflakeWarehouseTest, SaysThatAPasswordIsWrongAndTellsNoSecret) {
  const absl::Status wrong =
      Open("user: guarded, password: hunter2")->Connect().status();

  EXPECT_EQ(GetReason(wrong), Reason::kWarehouseAuthenticationFailed) << wrong;
  EXPECT_TRUE(absl::StrContains(wrong.message(), "Incorrect username"))
      << wrong;
  EXPECT_FALSE(absl::StrContains(wrong.ToString(), "hunter2")) << wrong;
  EXPECT_NE(Connect("user: guarded, password: right"), nullptr);
}

// Whatever fails, and with whatever it was to be logged in.
TEST_F(SnowflakeWarehouseTest, NoErrorTellsASecret) {
  const auto key = doppel::testing::NewRsaKey("hunter2");
  const std::string in_place = absl::StrCat(
      "user: u, private_key_passphrase: hunter2, private_key: \"",
      absl::StrReplaceAll(key.encrypted_pem, {{"\n", "\\n"}}), "\"");
  const std::string body = key.pkcs8_pem.substr(100, 40);
  for (const std::string& login :
       {std::string("user: u, password: hunter2"),
        std::string("user: u, password: hunter2, authenticator: "
                    "username_password_mfa"),
        std::string("user: u, password: hunter2, authenticator: "
                    "'https://127.0.0.1:1'"),
        std::string("authenticator: oauth, token: hunter2"),
        std::string("authenticator: jwt, token: hunter2"),
        std::string("user: u, authenticator: programmatic_access_token, "
                    "token: hunter2"),
        std::string("authenticator: workload_identity, token: hunter2, "
                    "workload_identity_provider: OIDC"),
        in_place}) {
    SCOPED_TRACE(login.substr(0, 60));
    auto credentials = doppel::testing::SnowflakeCredentials(database_, login);
    ASSERT_TRUE(credentials.ok()) << credentials.status();
    for (auto& [option, value] : credentials->options) {
      if (absl::EndsWith(option, "uri.port")) value = "1";
      if (absl::EndsWith(option, "timeout")) value = "1s";
    }
    const absl::Status refused =
        (*OpenSnowflake(*credentials, kSnowflakeDriverDir))->Connect().status();

    EXPECT_FALSE(refused.ok());
    EXPECT_NE(GetReason(refused), Reason::kUnspecified) << refused;
    EXPECT_FALSE(absl::StrContains(refused.ToString(), "hunter2")) << refused;
    EXPECT_FALSE(absl::StrContains(refused.ToString(), body)) << refused;
  }
}

TEST_F(SnowflakeWarehouseTest, StatementsRepeatNoSecret) {
  const auto session = Connect("user: u, password: hunter2");

  const absl::Status status = session->Execute("selekt hunter2", {});

  EXPECT_EQ(GetReason(status), Reason::kWarehouseStatementFailed);
  // The emulator's parser says it in upper case.
  EXPECT_TRUE(absl::StrContains(status.message(), "*****")) << status;
  EXPECT_FALSE(
      absl::StrContains(absl::AsciiStrToLower(status.ToString()), "hunter2"))
      << status;
}

TEST_F(SnowflakeWarehouseTest, SaysThatARoleLacksAPrivilege) {
  const auto session =
      Connect("user: u, password: open-sesame, role: powerless");

  EXPECT_TRUE(session->Query("select 1", {}).ok());
  EXPECT_EQ(GetReason(session->Execute("create schema s", {})),
            Reason::kWarehousePermissionDenied);
}

TEST_F(SnowflakeWarehouseTest, SeesThatItsConnectionIsGone) {
  const auto session = Connect();
  doppel::testing::KillSnowflake();

  const absl::Status status = session->Execute("select 1", {});

  EXPECT_EQ(GetReason(status), Reason::kWarehouseUnreachable) << status;
  EXPECT_NE(Connect(), nullptr);
}

TEST_F(SnowflakeWarehouseTest, ADatabaseThatIsNotThereIsEmpty) {
  const auto warehouse = Open();
  const std::vector<SchemaName> schemas = {{"NOWHERE", "S"}};

  const auto entries = warehouse->ListRelations(schemas, {});
  const auto existing = warehouse->ExistingSchemas(schemas, {});

  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_TRUE(entries->empty());
  ASSERT_TRUE(existing.ok()) << existing.status();
  EXPECT_TRUE(existing->empty());
}

TEST_F(SnowflakeWarehouseTest, ListsSeveralDatabases) {
  const auto warehouse = Open();
  const auto session = *warehouse->Connect();
  const std::string other = doppel::testing::NewSnowflakeDatabase();
  MustRun(*session, absl::StrCat("create database ", other));
  MustRun(*session, absl::StrCat("create schema ", other, ".s"));
  MustRun(*session, absl::StrCat("create schema ", database_, ".s"));
  MustRun(*session,
          absl::StrCat("create table ", other, ".s.t as select 1 as x"));
  MustRun(*session,
          absl::StrCat("create view ", database_, ".s.v as select 1 x"));
  const std::vector<SchemaName> schemas = {
      {other, "S"}, {"", "S"}, {"NOWHERE", "S"}};

  const auto entries = warehouse->ListRelations(schemas, {});
  const auto existing = warehouse->ExistingSchemas(schemas, {});

  ASSERT_TRUE(entries.ok()) << entries.status();
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ((*entries)[0].name, (RelationName{database_, "S", "V"}));
  EXPECT_EQ((*entries)[0].kind, RelationKind::kView);
  EXPECT_EQ((*entries)[1].name, (RelationName{other, "S", "T"}));
  EXPECT_EQ((*entries)[1].kind, RelationKind::kTable);
  EXPECT_EQ((*entries)[1].row_count, 1);
  EXPECT_EQ(*existing,
            (std::vector<SchemaName>{{other, "S"}, {database_, "S"}}));
}

// But a single quote, which the emulator itself stumbles over.
TEST_F(SnowflakeWarehouseTest, TakesAnyNameOfARelation) {
  const auto warehouse = Open();
  const auto session = *warehouse->Connect();
  const dialect::Dialect& dialect = warehouse->dialect();
  MustRun(*session, "create schema s");
  const std::vector<SchemaName> schemas = {{database_, "S"}};
  for (const std::string& name :
       {std::string("Mixed Case"), std::string("select"), std::string("a\"b"),
        std::string("\"\""), std::string("a\\"), std::string("a.b;c"),
        std::string("\"; drop table victim; --"),
        std::string("{{ jinja }} $1 ? :name"),
        std::string("\xC3\xBC\xE6\xBC\xA2\xF0\x9F\xA6\x86"),
        std::string(255, 'n')}) {
    SCOPED_TRACE(name);
    dialect::Making making;
    making.source = {database_, "S", "SOURCE"};
    making.target = {database_, "S", name};
    MustRun(*session, absl::StrCat("create or replace table ",
                                   dialect.Render(making.source, {}),
                                   " as select 1 as x"));
    for (const std::string& statement : dialect.CloneTable(making)) {
      MustRun(*session, statement);
    }

    const auto entries = warehouse->ListRelations(schemas, {});
    ASSERT_TRUE(entries.ok()) << entries.status();
    EXPECT_EQ(entries->size(), 2u);
    for (const CatalogEntry& entry : *entries) {
      EXPECT_TRUE(entry.name == making.source || entry.name == making.target)
          << entry.name.identifier;
    }
    for (const std::string& statement :
         dialect.Drop(making.target, {}, RelationKind::kTable)) {
      MustRun(*session, statement);
    }
  }
}

TEST(SnowflakeDriverTest, IsMissedWithWhatToDo) {
  EXPECT_EQ(GetReason(CheckDriver("/no/such/folder")),
            Reason::kWarehouseDriverMissing);
}

}  // namespace
}  // namespace doppel::warehouse::snowflake
