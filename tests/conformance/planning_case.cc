#include "tests/conformance/planning_case.h"

#include <simdjson.h>

#include <algorithm>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/manifest/parse.h"
#include "tests/conformance/oracle_case.h"
#include "tests/conformance/oracle_pack.h"

namespace doppel::conformance {
namespace {

namespace dom = simdjson::dom;

std::string Text(const dom::element& element) {
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

// "" for null and for what is not there.
std::string Text(const simdjson::simdjson_result<dom::element>& element) {
  std::string_view text;
  return element.get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

template <typename Each>
void ForEach(const simdjson::simdjson_result<dom::element>& element,
             Each each) {
  dom::array items;
  if (element.get(items) != simdjson::SUCCESS) return;
  for (const dom::element item : items) each(item);
}

class Loader {
 public:
  explicit Loader(absl::string_view folder)
      : folder_(folder), packs_(std::string(folder)) {}

  absl::StatusOr<PlanningCase> Load(const dom::element& line) {
    PlanningCase result;
    result.case_id = Text(line["case_id"]);
    result.adapter = Text(line["adapter"]);
    result.setup = Text(line["setup"]);
    ForEach(line["args"],
            [&](const dom::element& arg) { result.args.push_back(Text(arg)); });
    result.dbt_version = Text(line["dbt_version"]);
    const std::string place = absl::StrCat("deferral/", Text(line["project"]),
                                           "_", result.adapter, "/");
    DOPPEL_ASSIGN_OR_RETURN(result.current,
                            LoadManifest(place, line["current_manifest"]));
    if (!line["state_manifest"].is_null()) {
      DOPPEL_ASSIGN_OR_RETURN(result.state,
                              LoadManifest(place, line["state_manifest"]));
    }
    result.rejected = line["rc"].get_int64().value() == 2;
    ReadWorld(line, &result);
    ReadRefs(line, &result);
    ReadSql(line, &result);
    return result;
  }

 private:
  using Shared = std::shared_ptr<const manifest::Manifest>;

  absl::StatusOr<Shared> LoadManifest(
      const std::string& place,
      const simdjson::simdjson_result<dom::element>& name) {
    // Of the project's own oracle, the whole key of a pack; else a file's name.
    const bool is_packed = absl::StrContains(Text(name), '/');
    const std::string key =
        is_packed ? Text(name) : absl::StrCat(place, Text(name), ".manifest");
    Shared& loaded = manifests_[key];
    if (loaded != nullptr) return loaded;
    std::string bytes;
    if (is_packed) {
      DOPPEL_ASSIGN_OR_RETURN(const absl::string_view packed, packs_.Read(key));
      bytes = std::string(packed);
    } else {
      DOPPEL_ASSIGN_OR_RETURN(bytes, ReadOracleManifest(folder_, key));
    }
    DOPPEL_ASSIGN_OR_RETURN(
        loaded,
        manifest::ParseManifest(manifest::Text::Copy(bytes), Sha256Hex(bytes)));
    return loaded;
  }

  static void ReadWorld(const dom::element& line, PlanningCase* result) {
    ForEach(line["existing_relations"], [&](const dom::element& relation) {
      CatalogEntry entry;
      entry.name = {Text(relation.at(0)), Text(relation.at(1)),
                    Text(relation.at(2))};
      entry.kind = Text(relation.at(3)) == "view" ? RelationKind::kView
                                                  : RelationKind::kTable;
      result->existing.push_back(std::move(entry));
    });
    ForEach(line["selected"], [&](const dom::element& id) {
      const auto node = result->current->Find(Text(id));
      if (node.has_value()) result->selected.push_back(*node);
    });
    std::sort(result->selected.begin(), result->selected.end());
  }

  static void ReadRefs(const dom::element& line, PlanningCase* result) {
    dom::object nodes;
    if (line["nodes"].get(nodes) != simdjson::SUCCESS) return;
    for (const auto& [id, node] : nodes) {
      result->refs[std::string(id)];
      const std::pair<const char*, PlanningCase::Reads*> kinds[] = {
          {"refs", &result->refs},
          {"hooks", &result->hooks},
          {"foreign_keys", &result->foreign_keys},
          {"fixtures", &result->fixtures},
      };
      for (const auto& [member, reads] : kinds) {
        ForEach(node[member], [&, reads = reads](const dom::element& ref) {
          (*reads)[std::string(id)][Text(ref["unique_id"])] =
              Text(ref["relation_name"]);
        });
      }
    }
  }

  static void ReadSql(const dom::element& line, PlanningCase* result) {
    ForEach(line["sql"], [&](const dom::element& statement) {
      result->sql.emplace_back(Text(statement.at(0)), Text(statement.at(1)));
    });
    ForEach(line["results"], [&](const dom::element& item) {
      result->results[Text(item.at(0))] = {Text(item.at(1)), Text(item.at(2))};
    });
  }

  const absl::string_view folder_;
  ManifestPacks packs_;
  std::map<std::string, Shared> manifests_;
};

}  // namespace

bool PlanningCase::HasArgument(absl::string_view arg) const {
  return std::find(args.begin(), args.end(), arg) != args.end();
}

absl::StatusOr<std::vector<PlanningCase>> ReadPlanningCases(
    absl::string_view folder, absl::string_view name) {
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<std::string> lines,
                          ReadOracleLines(folder, name));
  Loader loader(folder);
  dom::parser parser;
  std::vector<PlanningCase> cases;
  for (const std::string& line : lines) {
    dom::element element;
    if (parser.parse(line).get(element) != simdjson::SUCCESS) {
      return absl::DataLossError("a line is not JSON");
    }
    DOPPEL_ASSIGN_OR_RETURN(PlanningCase planning_case, loader.Load(element));
    cases.push_back(std::move(planning_case));
  }
  return cases;
}

}  // namespace doppel::conformance
