#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "service/base/json_string.h"
#include "service/base/status_macros.h"
#include "service/rpc/deferral_question.h"
#include "simdjson.h"

namespace doppel::rpc {
namespace {

namespace dom = simdjson::dom;

// Ascending ids as runs "[first,last]": selections are mostly runs.
std::string RunsOf(const std::vector<manifest::NodeId>& ids) {
  std::string out = "[";
  for (size_t i = 0; i < ids.size();) {
    size_t last = i;
    while (last + 1 < ids.size() && ids[last + 1] == ids[last] + 1) ++last;
    absl::StrAppend(&out, out.size() == 1 ? "[" : ",[", ids[i], ",", ids[last],
                    "]");
    i = last + 1;
  }
  return out + "]";
}

absl::StatusOr<std::vector<manifest::NodeId>> IdsOf(const dom::element& runs) {
  std::vector<manifest::NodeId> ids;
  dom::array array;
  DOPPEL_RET_CHECK(runs.get(array) == simdjson::SUCCESS);
  for (const dom::element run : array) {
    uint64_t first = 0;
    uint64_t last = 0;
    DOPPEL_RET_CHECK(run.at(0).get(first) == simdjson::SUCCESS &&
                     run.at(1).get(last) == simdjson::SUCCESS);
    for (uint64_t id = first; id <= last; ++id) {
      ids.push_back(static_cast<manifest::NodeId>(id));
    }
  }
  return ids;
}

std::string SourceToJson(const DeferralQuestion::Source& source) {
  return absl::StrCat("{\"label\":", JsonString(source.label),
                      ",\"manifest\":", JsonString(source.manifest),
                      source.serves.has_value()
                          ? absl::StrCat(",\"serves\":", RunsOf(*source.serves))
                          : "",
                      "}");
}

std::string StringAt(const dom::element& object, const char* key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

absl::StatusOr<DeferralQuestion::Source> SourceFromJson(
    const dom::element& object) {
  DeferralQuestion::Source source;
  source.label = StringAt(object, "label");
  source.manifest = StringAt(object, "manifest");
  dom::element serves;
  if (object["serves"].get(serves) == simdjson::SUCCESS) {
    DOPPEL_ASSIGN_OR_RETURN(source.serves, IdsOf(serves));
  }
  return source;
}

}  // namespace

std::string ToJson(const DeferralQuestion& question) {
  std::vector<RelationName> existing = question.existing;
  std::sort(existing.begin(), existing.end());
  const auto relation = [](std::string* out, const RelationName& name) {
    absl::StrAppend(out, "[", JsonString(name.database), ",",
                    JsonString(name.schema), ",", JsonString(name.identifier),
                    "]");
  };
  const auto source = [](std::string* out,
                         const DeferralQuestion::Source& source) {
    absl::StrAppend(out, SourceToJson(source));
  };
  return absl::StrCat(
      "{\"command\":", static_cast<int>(question.command),
      ",\"dbt_version\":", JsonString(question.dbt_version),
      ",\"default_database\":", JsonString(question.default_database),
      ",\"existing\":[", absl::StrJoin(existing, ",", relation),
      "],\"favor_state\":", question.favor_state ? "true" : "false",
      ",\"manifest\":", JsonString(question.manifest),
      ",\"selected\":", RunsOf(question.selected), ",\"sources\":[",
      absl::StrJoin(question.sources, ",", source), "]}");
}

absl::StatusOr<DeferralQuestion> QuestionFromJson(absl::string_view json) {
  dom::parser parser;
  dom::element root;
  DOPPEL_RET_CHECK(parser.parse(json.data(), json.size()).get(root) ==
                   simdjson::SUCCESS);
  DeferralQuestion question;
  int64_t command = 0;
  dom::array sources;
  dom::array existing;
  dom::element selected;
  DOPPEL_RET_CHECK(root["command"].get(command) == simdjson::SUCCESS &&
                   root["sources"].get(sources) == simdjson::SUCCESS &&
                   root["existing"].get(existing) == simdjson::SUCCESS &&
                   root["selected"].get(selected) == simdjson::SUCCESS &&
                   root["favor_state"].get(question.favor_state) ==
                       simdjson::SUCCESS);
  question.command = static_cast<deferral::Command>(command);
  question.dbt_version = StringAt(root, "dbt_version");
  question.default_database = StringAt(root, "default_database");
  question.manifest = StringAt(root, "manifest");
  DOPPEL_ASSIGN_OR_RETURN(question.selected, IdsOf(selected));
  for (const dom::element source : sources) {
    DOPPEL_ASSIGN_OR_RETURN(DeferralQuestion::Source parsed,
                            SourceFromJson(source));
    question.sources.push_back(std::move(parsed));
  }
  for (const dom::element name : existing) {
    std::string_view database, schema, identifier;
    DOPPEL_RET_CHECK(name.at(0).get(database) == simdjson::SUCCESS &&
                     name.at(1).get(schema) == simdjson::SUCCESS &&
                     name.at(2).get(identifier) == simdjson::SUCCESS);
    question.existing.push_back(
        {std::string(database), std::string(schema), std::string(identifier)});
  }
  return question;
}

}  // namespace doppel::rpc
