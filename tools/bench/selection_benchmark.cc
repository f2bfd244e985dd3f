// How long a selection takes on a manifest that is loaded: a table over methods
// and graph operators.
//
//   selection_benchmark [--rounds=N] [--max_ms=M] [--state=old.json]
//       manifest.json
//
// What it selects is taken from the manifest: its best connected model, a tag,
// a folder and so on. Times are of the processor, so that other work on the
// machine counts less: a selection neither waits nor starts threads. Exit
// status 1 where a median is above --max_ms, 2 on a wrong call.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "service/selection/selection.h"
#include "service/state/comparison.h"
#include "tools/bench/load_manifest.h"

namespace doppel::bench {
namespace {

using manifest::Manifest;
using manifest::ResourceType;
using selection::IndirectSelection;

struct Options {
  int rounds = 21;
  double max_ms = 10;
  std::string state;
  std::string manifest;
};

std::optional<Options> ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--rounds=")) {
      if (!absl::SimpleAtoi(argument, &options.rounds) || options.rounds < 1) {
        return std::nullopt;
      }
    } else if (absl::ConsumePrefix(&argument, "--max_ms=")) {
      if (!absl::SimpleAtod(argument, &options.max_ms)) return std::nullopt;
    } else if (absl::ConsumePrefix(&argument, "--state=")) {
      options.state = std::string(argument);
    } else if (absl::StartsWith(argument, "--") || !options.manifest.empty()) {
      return std::nullopt;
    } else {
      options.manifest = std::string(argument);
    }
  }
  if (options.manifest.empty()) return std::nullopt;
  return options;
}

// The model with the most edges.
const manifest::Node& HubOf(const Manifest& manifest) {
  manifest::NodeId hub = 0;
  size_t most = 0;
  for (manifest::NodeId id = 0; id < manifest.node_count(); ++id) {
    const size_t edges =
        manifest.parents(id).size() + manifest.children(id).size();
    if (manifest.node(id).type != ResourceType::kModel || edges <= most) {
      continue;
    }
    hub = id;
    most = edges;
  }
  return manifest.node(hub);
}

std::string AnyTag(const Manifest& manifest) {
  for (const manifest::Node& node : manifest.nodes()) {
    if (!node.tags.empty()) return std::string(node.tags[0]);
  }
  return "none";
}

// A slim CI job that names what it builds.
std::string ManyNames(const Manifest& manifest, size_t count) {
  std::string names;
  for (const manifest::Node& node : manifest.nodes()) {
    if (node.type != ResourceType::kModel || count == 0) continue;
    --count;
    absl::StrAppend(&names, names.empty() ? "" : " ", node.name);
  }
  return names;
}

struct Question {
  std::string title;
  std::string select;
  IndirectSelection mode = IndirectSelection::kEager;
};

std::vector<Question> Questions(const Manifest& manifest, bool has_state) {
  const manifest::Node& hub = HubOf(manifest);
  const std::string name(hub.name);
  const std::string file(hub.original_file_path);
  const std::string folder = file.substr(0, file.rfind('/'));
  const std::string package(hub.package_name);
  std::vector<std::string> selects = {
      "*",
      name,
      absl::StrCat("+", name, "+"),
      absl::StrCat("@", name),
      absl::StrCat("2+", name, "+1"),
      absl::StrCat(name.substr(0, 3), "*"),
      "*_1*",
      absl::StrCat(package, ".*"),
      absl::StrCat("path:", folder),
      absl::StrCat("path:", folder, "/*.sql"),
      "path:**/*.yml+",
      file,
      absl::StrCat("file:", file.substr(file.rfind('/') + 1)),
      absl::StrCat("tag:", AnyTag(manifest), "+"),
      "tag:*[a-z]?",
      absl::StrCat("package:", package),
      "config.materialized:table",
      "config.meta.owner:nobody",
      "resource_type:model",
      "source:*+",
      "exposure:*",
      "+exposure:*",
      "test_type:generic",
      "test_name:not_null",
      "access:protected",
      "group:*",
      "version:none",
      absl::StrCat("tag:*,config.materialized:table,+", name),
  };
  if (has_state) {
    selects.insert(selects.end(),
                   {"state:modified+", "@state:modified", "state:unmodified"});
  }
  std::vector<Question> questions;
  for (const std::string& select : selects) {
    questions.push_back({select, select});
  }
  const std::string down = absl::StrCat(name, "+");
  questions.push_back(
      {absl::StrCat(down, " cautious"), down, IndirectSelection::kCautious});
  questions.push_back(
      {absl::StrCat(down, " buildable"), down, IndirectSelection::kBuildable});
  for (const size_t count : {10, 100, 1000}) {
    questions.push_back(
        {absl::StrCat(count, " names"), ManyNames(manifest, count)});
  }
  return questions;
}

double ProcessorMilliseconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 +
         static_cast<double>(time.tv_nsec) / 1e6;
}

// The median in milliseconds, or none for a selection that was rejected.
std::optional<double> Measure(const Question& question,
                              const selection::SelectionInputs& inputs,
                              int rounds) {
  selection::SelectionRequest request;
  request.select = {question.select};
  request.indirect_selection = question.mode;
  std::vector<double> times;
  size_t selected = 0;
  for (int i = 0; i < rounds; ++i) {
    const double begin = ProcessorMilliseconds();
    const auto result = selection::Select(request, inputs);
    times.push_back(ProcessorMilliseconds() - begin);
    if (!result.ok()) {
      std::fprintf(stderr, "%s: %s\n", question.title.c_str(),
                   std::string(result.status().message()).c_str());
      return std::nullopt;
    }
    selected = result->nodes.size();
  }
  std::sort(times.begin(), times.end());
  const double median = times[times.size() / 2];
  absl::PrintF("  %-58.58s %8u %10.3f %10.3f\n", question.title, selected,
               median, times.back());
  return median;
}

int Main(int argc, char** argv) {
  const std::optional<Options> options = ReadOptions(argc, argv);
  if (!options.has_value()) {
    std::fprintf(stderr,
                 "usage: selection_benchmark [--rounds=N] [--max_ms=M] "
                 "[--state=old.json] manifest.json\n");
    return 2;
  }
  const auto current = LoadManifest(options->manifest);
  const auto older =
      options->state.empty() ? nullptr : LoadManifest(options->state);
  if (current == nullptr || (older == nullptr && !options->state.empty())) {
    return 2;
  }
  std::shared_ptr<const state::StateComparison> comparison;
  if (older != nullptr) {
    comparison = state::StateComparison::Make(current, older);
  }
  selection::SelectionInputs inputs;
  inputs.current = current.get();
  inputs.state = comparison.get();
  absl::PrintF("%s: %u nodes\n  %-58s %8s %10s %10s\n", options->manifest,
               current->node_count(), "selection", "nodes", "median ms",
               "worst ms");
  int status = 0;
  for (const Question& question : Questions(*current, older != nullptr)) {
    const auto median = Measure(question, inputs, options->rounds);
    if (!median.has_value()) return 2;
    if (*median > options->max_ms) {
      absl::PrintF("  above %.1f ms\n", options->max_ms);
      status = 1;
    }
  }
  return status;
}

}  // namespace
}  // namespace doppel::bench

int main(int argc, char** argv) { return doppel::bench::Main(argc, argv); }
