// Resolves a deferral from files, for tests that compare it with real dbt.
//
//   deferral_probe CURRENT SELECTED EXISTING FAVOR_STATE STATE_OUT SOURCE...
//
// SELECTED is a list of unique ids with commas between, EXISTING one of
// "schema.identifier", FAVOR_STATE 0 or 1, SOURCE "path" or "path=id,id,...".
// Prints a line "node ref relation" for each ref that is not inlined, and
// writes the spliced state manifest to STATE_OUT.
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/base/digest.h"
#include "service/base/status_macros.h"
#include "service/deferral/resolution.h"
#include "service/deferral/state_manifest.h"
#include "service/manifest/parse.h"

namespace doppel {
namespace {

using ManifestPtr = std::shared_ptr<const manifest::Manifest>;

absl::StatusOr<ManifestPtr> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return manifest::ParseManifest(manifest::Text::Copy(bytes), Sha256Hex(bytes));
}

// Unique ids that the manifest has, as its ids, ascending.
std::vector<manifest::NodeId> IdsOf(const manifest::Manifest& manifest,
                                    absl::string_view list) {
  std::vector<manifest::NodeId> ids;
  for (manifest::NodeId id = 0; id < manifest.node_count(); ++id) {
    for (const absl::string_view wanted :
         absl::StrSplit(list, ',', absl::SkipEmpty())) {
      if (manifest.node(id).unique_id == wanted) ids.push_back(id);
    }
  }
  return ids;
}

absl::StatusOr<deferral::DeferSource> SourceOf(const std::string& argument) {
  const std::vector<std::string> parts =
      absl::StrSplit(argument, absl::MaxSplits('=', 1));
  deferral::DeferSource source;
  source.label = parts[0];
  DOPPEL_ASSIGN_OR_RETURN(source.manifest, Read(parts[0]));
  if (parts.size() == 2) source.serves = IdsOf(*source.manifest, parts[1]);
  return source;
}

std::vector<RelationName> NamesOf(absl::string_view list,
                                  const manifest::Manifest& manifest) {
  const std::string database(manifest.node(0).database.value_or(""));
  std::vector<RelationName> names;
  for (const absl::string_view item :
       absl::StrSplit(list, ',', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(item, absl::MaxSplits('.', 1));
    names.push_back({database, parts.first, parts.second});
  }
  return names;
}

void Print(const deferral::Resolution& resolution) {
  const manifest::Manifest& current = *resolution.inputs().current;
  for (size_t i = 0; i < resolution.node_count(); ++i) {
    for (const deferral::RefResolution& ref : resolution.refs(i)) {
      const auto relation = resolution.RelationOf(ref);
      if (!relation.has_value()) continue;
      std::cout << current.node(resolution.node(i)).unique_id << ' '
                << current.node(ref.node).unique_id << ' '
                << resolution.Render(*relation) << '\n';
    }
  }
}

absl::Status Run(const std::vector<std::string>& arguments) {
  deferral::ResolveInputs inputs;
  DOPPEL_ASSIGN_OR_RETURN(inputs.current, Read(arguments[0]));
  inputs.selected = IdsOf(*inputs.current, arguments[1]);
  inputs.command = deferral::Command::kCompile;
  inputs.favor_state = arguments[3] == "1";
  DOPPEL_ASSIGN_OR_RETURN(
      inputs.dialect,
      dialect::FindDialect(inputs.current->metadata().adapter_type));
  inputs.quoting = inputs.dialect->default_quoting();
  inputs.target = std::make_shared<const deferral::ExistingRelations>(
      NamesOf(arguments[2], *inputs.current), *inputs.dialect, inputs.quoting,
      "");
  DOPPEL_ASSIGN_OR_RETURN(
      inputs.rules, deferral::RulesOf(inputs.current->metadata().dbt_version));
  for (size_t i = 5; i < arguments.size(); ++i) {
    DOPPEL_ASSIGN_OR_RETURN(deferral::DeferSource source,
                            SourceOf(arguments[i]));
    inputs.sources.push_back(std::move(source));
  }
  DOPPEL_ASSIGN_OR_RETURN(const std::string state,
                          deferral::SpliceStateManifest(inputs.sources));
  std::ofstream(arguments[4], std::ios::binary) << state;
  Print(deferral::Resolve(std::move(inputs)));
  return absl::OkStatus();
}

}  // namespace
}  // namespace doppel

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 6) {
    std::cerr << "six arguments or more are expected\n";
    return 2;
  }
  const absl::Status status = doppel::Run(arguments);
  if (status.ok()) return 0;
  std::cerr << status << '\n';
  return 1;
}
