// Prints the statements of any dialect, for tests that read them as the
// warehouse's own parser does.
//
// Reads one question a line from standard input, such as
//   {"dialect": "snowflake", "action": "clone", "source": ["db", "prod", "a"],
//    "target": ["db", "dev", "a"], "quoted": true, "replaces": "table",
//    "as_of_micros": 0, "options": {"copy_grants": true}}
// and answers with one line each, a JSON array of statements. Members that are
// not there: a database's default quoting, nothing replaced, no time, no
// options. A line that it does not understand ends it with 1.
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "service/base/json_string.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/dialect/dialect.h"
#include "simdjson.h"

namespace doppel::dialect {
namespace {

using simdjson::dom::element;

std::string Text(const element& object, absl::string_view key) {
  std::string_view text;
  if (object[std::string_view(key.data(), key.size())].get(text)) return "";
  return std::string(text);
}

bool Flag(const element& object, absl::string_view key, bool otherwise) {
  bool value = otherwise;
  if (object[std::string_view(key.data(), key.size())].get(value)) {
    return otherwise;
  }
  return value;
}

RelationName Name(const element& question, absl::string_view key) {
  std::vector<std::string> parts;
  simdjson::dom::array list;
  if (!question[std::string_view(key.data(), key.size())].get(list)) {
    for (const element part : list) {
      parts.emplace_back(std::string_view(part));
    }
  }
  parts.resize(3);
  return {parts[0], parts[1], parts[2]};
}

RelationKind Kind(const std::string& name) {
  for (const RelationKind kind :
       {RelationKind::kTable, RelationKind::kView,
        RelationKind::kMaterializedView, RelationKind::kExternal,
        RelationKind::kDynamicTable}) {
    if (name == RelationKindName(kind)) return kind;
  }
  return RelationKind::kUnknown;
}

TableOptions Options(const element& question) {
  TableOptions options;
  element given;
  if (question["options"].get(given)) return options;
  options.transient = Flag(given, "transient", true);
  options.copy_grants = Flag(given, "copy_grants", false);
  options.copy_tags = Flag(given, "copy_tags", false);
  options.file_format = Text(given, "file_format");
  options.engine = Text(given, "engine");
  options.table_format = Text(given, "table_format");
  return options;
}

Making MakingOf(const element& question, const Quoting& quoting) {
  Making making;
  making.source = Name(question, "source");
  making.target = Name(question, "target");
  making.source_quoting = quoting;
  making.target_quoting = quoting;
  making.replaces = Kind(Text(question, "replaces"));
  making.options = Options(question);
  int64_t micros = 0;
  if (!question["as_of_micros"].get(micros)) {
    making.as_of = absl::FromUnixMicros(micros);
  }
  return making;
}

absl::StatusOr<std::vector<std::string>> Answer(const element& question) {
  DOPPEL_ASSIGN_OR_RETURN(const Dialect* const dialect,
                          FindDialect(Text(question, "dialect")));
  const bool given = question["quoted"].error() == simdjson::SUCCESS;
  const bool quoted = Flag(question, "quoted", true);
  const Quoting quoting =
      given ? Quoting{quoted, quoted, quoted} : dialect->default_quoting();
  const Making making = MakingOf(question, quoting);
  const std::string action = Text(question, "action");
  if (action == "clone") return dialect->CloneTable(making);
  if (action == "copy") return dialect->CopyTable(making);
  if (action == "view") return dialect->PointerView(making);
  if (action == "drop") {
    return dialect->Drop(making.target, quoting, making.replaces);
  }
  if (action == "create schema") {
    return dialect->CreateSchema(making.target.schema_name(), quoting);
  }
  if (action == "clone schema") {
    return dialect->CloneSchema(making.source.schema_name(),
                                making.target.schema_name(), quoting,
                                making.as_of);
  }
  if (action == "swap") {
    return dialect->SwapRelations({making.source, RelationKind::kTable},
                                  {making.target, making.replaces}, quoting);
  }
  if (action == "swap schemas") {
    return dialect->SwapSchemas(making.source.schema_name(),
                                making.target.schema_name(), quoting);
  }
  if (action == "can clone") {
    return std::vector<std::string>(
        dialect->CanClone(making.replaces, making.options) ? 1 : 0, "yes");
  }
  return absl::InvalidArgumentError(absl::StrCat("no action ", action));
}

int Main() {
  simdjson::dom::parser parser;
  std::string line;
  while (std::getline(std::cin, line)) {
    element question;
    if (parser.parse(line).get(question)) {
      std::cerr << "not JSON: " << line << "\n";
      return 1;
    }
    const auto statements = Answer(question);
    if (!statements.ok()) {
      std::cerr << statements.status() << "\n" << line << "\n";
      return 1;
    }
    std::cout << "["
              << absl::StrJoin(*statements, ", ",
                               [](std::string* out, const std::string& text) {
                                 absl::StrAppend(out, JsonString(text));
                               })
              << "]\n";
  }
  return 0;
}

}  // namespace
}  // namespace doppel::dialect

int main() { return doppel::dialect::Main(); }
