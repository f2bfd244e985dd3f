#include "service/warehouse/postgres/details.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/relation.h"
#include "service/base/relation_details.h"
#include "service/base/status_macros.h"
#include "service/warehouse/listing.h"

namespace doppel::warehouse::postgres {
namespace {

// The columns of DetailsQuery; `kWhat` says what `kName` and `kText` are.
enum Column : size_t { kSchema, kRelation, kWhat, kName, kText };

using Row = std::vector<std::optional<std::string>>;

// "(n.nspname, c.relname) in (...)".
std::string IsAmong(const std::vector<std::string>& pairs) {
  return absl::StrCat("(n.nspname, c.relname) in (", absl::StrJoin(pairs, ", "),
                      ")");
}

std::string PairOf(const RelationName& name) {
  return absl::StrCat("(", Literal(name.schema), ", ", Literal(name.identifier),
                      ")");
}

std::string DetailsQuery(std::span<const DetailsWish> wishes) {
  std::vector<std::string> all;
  std::vector<std::string> defined;
  for (const DetailsWish& wish : wishes) {
    all.push_back(PairOf(wish.name));
    if (wish.definition) defined.push_back(PairOf(wish.name));
  }
  const auto of = [](absl::string_view what, absl::string_view name,
                     absl::string_view text, absl::string_view also,
                     absl::string_view where) {
    return absl::StrCat("select n.nspname::text, c.relname::text, '", what,
                        "', (", name, ")::text, (", text,
                        ")::text from pg_class c join pg_namespace n "
                        "on n.oid = c.relnamespace ",
                        also, " where ", where);
  };
  const std::string wanted = IsAmong(all);
  std::vector<std::string> parts = {
      of("relation", "c.relkind", "pg_get_userbyid(c.relowner)", "", wanted),
      of("comment", "''", "obj_description(c.oid, 'pg_class')", "",
         absl::StrCat(wanted,
                      " and obj_description(c.oid, 'pg_class') is not null")),
      of("column", "a.attname", "d.description",
         "join pg_description d on d.objoid = c.oid and d.classoid = "
         "'pg_class'::regclass and d.objsubid > 0 join pg_attribute a on "
         "a.attrelid = c.oid and a.attnum = d.objsubid",
         wanted),
      of("grant",
         "case when g.grantee = 0 then '' else pg_get_userbyid(g.grantee) end",
         "g.privilege_type || case when g.is_grantable then ' +' else '' end",
         "cross join lateral aclexplode(c.relacl) g",
         absl::StrCat(wanted, " and g.grantee <> c.relowner")),
      of("has column", "a.attnum", "a.attname",
         "join pg_attribute a on a.attrelid = c.oid",
         absl::StrCat("a.attnum > 0 and not a.attisdropped and ", wanted)),
      of("column grant",
         "case when g.grantee = 0 then '' else pg_get_userbyid(g.grantee) end",
         "g.privilege_type || case when g.is_grantable then ' + ' else ' - ' "
         "end || a.attname",
         "join pg_attribute a on a.attrelid = c.oid "
         "cross join lateral aclexplode(a.attacl) g",
         absl::StrCat("not a.attisdropped and g.grantee <> c.relowner and ",
                      wanted)),
      of("attached", "''", "'the trigger ' || t.tgname",
         "join pg_trigger t on t.tgrelid = c.oid",
         absl::StrCat("not t.tgisinternal and ", wanted)),
      of("attached", "''", "'the policy ' || p.polname",
         "join pg_policy p on p.polrelid = c.oid", wanted)};
  if (!defined.empty()) {
    parts.push_back(of("definition",
                       "coalesce(array_to_string(c.reloptions, ', '), '')",
                       "pg_get_viewdef(c.oid)", "",
                       absl::StrCat("c.relkind = 'v' and ", IsAmong(defined))));
  }
  return absl::StrJoin(parts, " union all ");
}

RelationKind KindOf(absl::string_view relkind) {
  if (relkind == "v") return RelationKind::kView;
  if (relkind == "m") return RelationKind::kMaterializedView;
  if (relkind == "f") return RelationKind::kExternal;
  if (relkind == "r" || relkind == "p") return RelationKind::kTable;
  return RelationKind::kUnknown;
}

std::string DefinitionOf(absl::string_view options, absl::string_view query) {
  query = absl::StripAsciiWhitespace(query);
  absl::ConsumeSuffix(&query, ";");
  if (options.empty()) return absl::StrCat("as ", query);
  return absl::StrCat("with (", options, ") as ", query);
}

void AddRow(const Row& row, RelationDetails* details) {
  const std::string& what = row[kWhat].value();
  const std::string name = row[kName].value_or("");
  absl::string_view text = row[kText].value();
  if (what == "relation") {
    details->kind = KindOf(name);
    details->owner = std::string(text);
  } else if (what == "comment") {
    details->comment = std::string(text);
  } else if (what == "column") {
    details->column_comments.emplace_back(name, text);
  } else if (what == "grant") {
    const bool grantable = absl::ConsumeSuffix(&text, " +");
    details->grants.push_back({std::string(text), name, grantable, ""});
  } else if (what == "column grant") {
    const std::vector<std::string> parts =
        absl::StrSplit(text, absl::MaxSplits(' ', 2));
    details->grants.push_back({parts[0], name, parts[1] == "+", parts[2]});
  } else if (what == "has column") {
    details->columns.emplace_back(text);
  } else if (what == "attached") {
    details->attached.emplace_back(text);
  } else {
    details->definition = DefinitionOf(name, text);
  }
}

}  // namespace

absl::StatusOr<std::vector<RelationDetails>> ReadDetails(
    Session* session, std::span<const DetailsWish> wishes,
    std::stop_token stop) {
  std::vector<RelationDetails> details(wishes.size());
  std::map<std::pair<std::string, std::string>, std::vector<size_t>> places;
  for (size_t i = 0; i < wishes.size(); ++i) {
    details[i].name = wishes[i].name;
    places[{wishes[i].name.schema, wishes[i].name.identifier}].push_back(i);
  }
  if (wishes.empty()) return details;
  DOPPEL_RETURN_IF_ERROR(session
                             ->Query("select set_config('search_path', '', "
                                     "false), set_config('lock_timeout', '5s', "
                                     "false)",
                                     stop)
                             .status());
  DOPPEL_ASSIGN_OR_RETURN(
      const Rows rows, session->Query(DetailsQuery(wishes), std::move(stop)));
  for (const Row& row : rows.rows) {
    DOPPEL_RET_CHECK(row[kSchema] && row[kRelation] && row[kWhat] &&
                     row[kText]);
    for (const size_t place : places[{*row[kSchema], *row[kRelation]}]) {
      AddRow(row, &details[place]);
    }
  }
  return details;
}

}  // namespace doppel::warehouse::postgres
