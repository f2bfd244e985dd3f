// What each step costs on two manifests of a project: reading one beside
// simdjson's own walk of it, and with both loaded the comparison, the
// selection, a resolution, the downloaded state and a clone plan.
//
//   loaded_benchmark --current=new.json --older=old.json [--benchmark_...]
//
// Google Benchmark's own flags hold (--benchmark_format=json for programs).
// Every step has the counter peak_bytes: the most memory of a process that
// does it once, both manifests loaded in it. Exit status 2 on a wrong call or a
// file that is no manifest.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/catalog.h"
#include "service/base/relation.h"
#include "service/base/status_macros.h"
#include "service/clone/naming.h"
#include "service/clone/plan.h"
#include "service/clone/planner.h"
#include "service/deferral/dbt_rules.h"
#include "service/deferral/existing_relations.h"
#include "service/deferral/project_quoting.h"
#include "service/deferral/resolution.h"
#include "service/deferral/state_manifest.h"
#include "service/dialect/dialect.h"
#include "service/manifest/manifest.h"
#include "service/manifest/parse.h"
#include "service/manifest/relation_of.h"
#include "service/selection/selection.h"
#include "service/state/comparison.h"
#include "tools/bench/load_manifest.h"
#include "tools/bench/manifest_walk.h"
#include "tools/bench/peak_memory.h"

namespace doppel::bench {
namespace {

using manifest::Manifest;
using manifest::NodeId;
using ManifestPtr = std::shared_ptr<const Manifest>;

constexpr absl::string_view kChanged = "state:modified+";

// The two manifests, and what the steps make of each other's answers.
struct World {
  ManifestPtr current;
  ManifestPtr older;
  std::shared_ptr<const state::StateComparison> comparison;
  std::vector<NodeId> all;      // of `current`
  std::vector<NodeId> changed;  // state:modified+
  const dialect::Dialect* dialect = nullptr;
  deferral::ResolveInputs resolve;
  std::vector<CatalogEntry> catalog;
  std::vector<SchemaName> schemas;
  std::vector<clone::NamingRule> rules;
};

absl::StatusOr<std::vector<NodeId>> SelectChanged(
    const Manifest& current, const state::StateComparison& comparison) {
  selection::SelectionRequest request;
  request.select = {std::string(kChanged)};
  selection::SelectionInputs inputs;
  inputs.current = &current;
  inputs.state = &comparison;
  DOPPEL_ASSIGN_OR_RETURN(selection::SelectionResult selected,
                          selection::Select(request, inputs));
  return std::move(selected.nodes);
}

// What is served to a change: its own nodes by `current` as a staging, all
// others by `older` as production; and nothing is there yet.
absl::StatusOr<deferral::ResolveInputs> DeferralOf(const World& world) {
  deferral::ResolveInputs inputs;
  inputs.current = world.current;
  inputs.sources = {{"staging", world.current, world.changed},
                    {"prod", world.older, std::nullopt}};
  inputs.selected = world.all;
  inputs.command = deferral::Command::kCompile;
  inputs.dialect = world.dialect;
  inputs.quoting = deferral::QuotingOf(*world.current, *world.dialect);
  inputs.target = std::make_shared<const deferral::ExistingRelations>();
  DOPPEL_ASSIGN_OR_RETURN(
      inputs.rules, deferral::RulesOf(world.current->metadata().dbt_version));
  return inputs;
}

// A warehouse that has every model, seed and snapshot of production.
void FillCatalog(World& world) {
  for (const manifest::Node& node : world.older->nodes()) {
    if (!manifest::IsRefable(node.type) || manifest::IsEphemeral(node)) {
      continue;
    }
    CatalogEntry entry;
    entry.name = manifest::RelationOf(node);
    entry.kind = node.materialized == "view" ? RelationKind::kView
                                             : RelationKind::kTable;
    world.schemas.push_back(entry.name.schema_name());
    world.catalog.push_back(std::move(entry));
  }
  std::sort(world.schemas.begin(), world.schemas.end());
  world.schemas.erase(std::unique(world.schemas.begin(), world.schemas.end()),
                      world.schemas.end());
  clone::NamingRule rule;
  rule.schema = "bi_{schema}";
  world.rules = {rule};
}

absl::StatusOr<clone::Plan> PlanAll(const World& world,
                                    const std::vector<NodeId>& nodes) {
  clone::CloneInputs inputs;
  inputs.source = world.older.get();
  inputs.rules = world.rules;
  inputs.selected = nodes;
  inputs.dialect = world.dialect;
  inputs.source_quoting = deferral::QuotingOf(*world.older, *world.dialect);
  inputs.target_quoting = inputs.source_quoting;
  inputs.catalog = world.catalog;
  inputs.existing_schemas = world.schemas;
  return clone::PlanClone(inputs);
}

std::vector<NodeId> AllOf(const Manifest& manifest) {
  std::vector<NodeId> ids(manifest.node_count());
  std::iota(ids.begin(), ids.end(), NodeId{0});
  return ids;
}

absl::StatusOr<World> MakeWorld(ManifestPtr current, ManifestPtr older) {
  World world;
  world.current = std::move(current);
  world.older = std::move(older);
  world.comparison = state::StateComparison::Make(world.current, world.older);
  world.all = AllOf(*world.current);
  DOPPEL_ASSIGN_OR_RETURN(world.changed,
                          SelectChanged(*world.current, *world.comparison));
  DOPPEL_ASSIGN_OR_RETURN(
      world.dialect,
      dialect::FindDialect(world.current->metadata().adapter_type));
  DOPPEL_ASSIGN_OR_RETURN(world.resolve, DeferralOf(world));
  FillCatalog(world);
  return world;
}

// Ends the program where a step failed: no time of it would mean anything.
template <typename T>
T Must(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "%s\n", std::string(result.status().message()).c_str());
  std::exit(2);
}

using Counters = std::vector<std::pair<std::string, double>>;

// `step` gives what it made, so that its work is not left out.
template <typename Step>
void Register(const char* name, Step step, const Counters& counters = {}) {
  const double peak = PeakBytes([&step] { benchmark::DoNotOptimize(step()); });
  benchmark::RegisterBenchmark(name, [step, counters,
                                      peak](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(step());
    state.counters["peak_bytes"] = peak;
    for (const auto& [key, value] : counters) state.counters[key] = value;
  })->Unit(benchmark::kMillisecond);
}

void RegisterReading(const manifest::Text& text, const Manifest& graph) {
  Register("walk", [text] { return WalkManifest(text); });
  Register("read", [text] { return Must(manifest::ParseManifest(text, "")); },
           {{"json_bytes", static_cast<double>(text.size())},
            {"graph_bytes", static_cast<double>(graph.memory_bytes())},
            {"nodes", static_cast<double>(graph.node_count())}});
}

// `world` outlives the benchmarks.
void RegisterLoaded(const World& world) {
  const auto size = [](const auto& list) {
    return static_cast<double>(list.size());
  };
  Register("compare", [&world] {
    return state::StateComparison::Make(world.current, world.older);
  });
  Register("select", [&world] {
    return Must(SelectChanged(*world.current, *world.comparison));
  });
  Register("modified",
           [&world] {
             const auto made =
                 state::StateComparison::Make(world.current, world.older);
             return Must(SelectChanged(*world.current, *made));
           },
           {{"selected", size(world.changed)}});
  Register("resolve", [&world] { return deferral::Resolve(world.resolve); },
           {{"selected", size(world.all)}});
  Register(
      "state",
      [&world] {
        return Must(deferral::SpliceStateManifest(world.resolve.sources));
      },
      {{"state_bytes",
        size(Must(deferral::SpliceStateManifest(world.resolve.sources)))}});
  const std::vector<NodeId> nodes = AllOf(*world.older);
  Register("plan", [&world, nodes] { return Must(PlanAll(world, nodes)); },
           {{"operations", size(Must(PlanAll(world, nodes)).operations)}});
}

// Takes --<name>=VALUE out of the arguments.
std::string TakeFlag(absl::string_view name, std::vector<char*>& arguments) {
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    absl::string_view argument = *it;
    if (!absl::ConsumePrefix(&argument, "--") ||
        !absl::ConsumePrefix(&argument, name) ||
        !absl::ConsumePrefix(&argument, "=")) {
      continue;
    }
    arguments.erase(it);
    return std::string(argument);
  }
  return "";
}

int Main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  const std::string current = TakeFlag("current", arguments);
  const std::string older = TakeFlag("older", arguments);
  int left = static_cast<int>(arguments.size());
  benchmark::Initialize(&left, arguments.data());
  if (current.empty() || older.empty() ||
      benchmark::ReportUnrecognizedArguments(left, arguments.data())) {
    std::fprintf(stderr,
                 "usage: loaded_benchmark --current=new.json --older=old.json "
                 "[--benchmark_...]\n");
    return 2;
  }
  ManifestPtr now = LoadManifest(current);
  ManifestPtr before = LoadManifest(older);
  if (now == nullptr || before == nullptr) return 2;
  const manifest::Text text = now->text();
  const World world = Must(MakeWorld(std::move(now), std::move(before)));
  RegisterReading(text, *world.current);
  RegisterLoaded(world);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace doppel::bench

int main(int argc, char** argv) { return doppel::bench::Main(argc, argv); }
