// What GetCapabilities says of warehouses, and that the README says the same.
#include <fstream>
#include <set>
#include <sstream>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/capabilities_service.pb.h"
#include "gtest/gtest.h"
#include "service/dialect/dialect.h"
#include "service/rpc/capabilities_handlers.h"
#include "service/rpc/services.h"
#include "service/warehouse/connections.h"

namespace doppel::rpc {
namespace {

constexpr char kReadme[] = "README.md";
constexpr absl::string_view kHead =
    "| warehouse | zero-copy clone | of | clones of clones | as of | whole "
    "schemas | strongest swap | names |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n";

v1::GetCapabilitiesResponse Ask() {
  warehouse::Connections connections({"/no/such/folder", "/no/such/folder"});
  Services services{};
  services.connections = &connections;
  CapabilitiesHandlers handlers(&services);
  v1::GetCapabilitiesResponse response;
  const absl::Status status = handlers.GetCapabilities(
      v1::GetCapabilitiesRequest(), &response, std::stop_token());
  EXPECT_TRUE(status.ok()) << status;
  return response;
}

// "SWAP_STEP_SCHEMAS" -> "schemas".
std::string Word(const std::string& name, absl::string_view prefix) {
  std::string word = absl::AsciiStrToLower(name.substr(prefix.size()));
  for (char& c : word) {
    if (c == '_') c = ' ';
  }
  return word;
}

std::string Code(absl::string_view text) {
  return absl::StrContains(text, '`') ? absl::StrCat("`` ", text, " ``")
                                      : absl::StrCat("`", text, "`");
}

std::string Kinds(const v1::Warehouse& warehouse) {
  std::vector<std::string> words;
  for (const int kind : warehouse.cloneable_kinds()) {
    words.push_back(absl::StrCat(
        Word(v1::RelationKind_Name(static_cast<v1::RelationKind>(kind)),
             "RELATION_KIND_"),
        "s"));
  }
  return absl::StrJoin(words, ", ");
}

std::string AsOf(const v1::Warehouse& warehouse) {
  if (!warehouse.time_travel()) return "";
  if (!warehouse.has_longest_time_travel()) return "as each table keeps";
  return absl::StrCat(warehouse.longest_time_travel().seconds() / 86400,
                      " days");
}

std::string Case(v1::NameCase name_case) {
  return Word(v1::NameCase_Name(name_case), "NAME_CASE_");
}

std::string Depth(const v1::Warehouse& warehouse) {
  if (!warehouse.zero_copy_clone()) return "";
  return warehouse.deepest_clone() == 0
             ? "any depth"
             : absl::StrCat(warehouse.deepest_clone(), " deep");
}

std::string RowOf(const v1::Warehouse& warehouse) {
  const std::vector<std::string> cells = {
      warehouse.type(),
      warehouse.clone_statement().empty() ? "none"
                                          : Code(warehouse.clone_statement()),
      Kinds(warehouse),
      Depth(warehouse),
      AsOf(warehouse),
      warehouse.clones_schemas() ? "yes" : "",
      Word(v1::SwapStep_Name(warehouse.swap()), "SWAP_STEP_"),
      absl::StrCat(Code(warehouse.quoted_name()), " ",
                   Case(warehouse.quoted_case()), ", `Ab` ",
                   Case(warehouse.unquoted_case())),
  };
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

TEST(CapabilitiesTest, TheReadmeShowsThem) {
  const v1::GetCapabilitiesResponse response = Ask();
  std::string table(kHead);
  for (const v1::Warehouse& warehouse : response.warehouses()) {
    table += RowOf(warehouse);
  }
  std::ifstream file(kReadme);
  std::ostringstream readme;
  readme << file.rdbuf();

  EXPECT_TRUE(absl::StrContains(readme.str(), table))
      << "README.md is to have this table:\n"
      << table;
}

TEST(CapabilitiesTest, AreSaidOfEveryDialect) {
  const v1::GetCapabilitiesResponse response = Ask();
  ASSERT_EQ(response.warehouses_size(),
            static_cast<int>(dialect::AllDialects().size()));
  for (const v1::Warehouse& warehouse : response.warehouses()) {
    SCOPED_TRACE(warehouse.type());
    EXPECT_EQ(warehouse.zero_copy_clone(),
              !warehouse.clone_statement().empty());
    EXPECT_EQ(warehouse.zero_copy_clone(),
              warehouse.cloneable_kinds_size() > 0);
    EXPECT_TRUE(warehouse.zero_copy_clone() || !warehouse.time_travel());
    EXPECT_TRUE(warehouse.time_travel() ||
                !warehouse.has_longest_time_travel());
    EXPECT_NE(warehouse.swap(), v1::SWAP_STEP_UNSPECIFIED);
    EXPECT_EQ(warehouse.transactional_ddl(),
              warehouse.swap() == v1::SWAP_STEP_TRANSACTION);
    EXPECT_NE(warehouse.quoted_case(), v1::NAME_CASE_UNSPECIFIED);
    // There is no driver here, and none is needed for Spark's own protocol.
    EXPECT_EQ(warehouse.executable(),
              warehouse.type() == "spark" || warehouse.type() == "databricks");
    EXPECT_EQ(warehouse.executable(), warehouse.unavailable_cause().empty());
  }
}

}  // namespace
}  // namespace doppel::rpc
