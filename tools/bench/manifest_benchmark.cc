// How long it takes to read a manifest into the graph, as a multiple of what
// simdjson needs to walk the same file for the same fields; and the memory of
// both. The two take turns, so that other work on the machine hits both.
//
//   manifest_benchmark [--rounds=N] [--max_ratio=R] manifest.json...
//
// Exit status 1 where a ratio is above --max_ratio, 2 on a wrong call.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "service/manifest/parse.h"
#include "tools/bench/load_manifest.h"
#include "tools/bench/manifest_walk.h"
#include "tools/bench/peak_memory.h"

namespace doppel::bench {
namespace {

struct Options {
  int rounds = 11;
  double max_ratio = 2.0;
  std::vector<std::string> files;
};

std::optional<Options> ReadOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--rounds=")) {
      if (!absl::SimpleAtoi(argument, &options.rounds) || options.rounds < 1) {
        return std::nullopt;
      }
    } else if (absl::ConsumePrefix(&argument, "--max_ratio=")) {
      if (!absl::SimpleAtod(argument, &options.max_ratio)) return std::nullopt;
    } else if (absl::ConsumePrefix(&argument, "--")) {
      return std::nullopt;
    } else {
      options.files.emplace_back(argument);
    }
  }
  if (options.files.empty()) return std::nullopt;
  return options;
}

template <typename Work>
double Milliseconds(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - begin)
      .count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// The ratio of one file, or none where it is no manifest.
std::optional<double> Measure(const std::string& file, int rounds) {
  const manifest::Text text = ReadText(file);
  const auto parsed = manifest::ParseManifest(text, "");
  if (!parsed.ok()) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(),
                 std::string(parsed.status().message()).c_str());
    return std::nullopt;
  }
  const auto graph_bytes = static_cast<double>((*parsed)->memory_bytes());
  std::vector<double> walks, parses;
  size_t walked = 0;
  for (int i = 0; i < rounds; ++i) {
    walks.push_back(Milliseconds([&] { walked = WalkManifest(text); }));
    std::shared_ptr<const manifest::Manifest> graph;
    parses.push_back(
        Milliseconds([&] { graph = *manifest::ParseManifest(text, ""); }));
  }
  const double walk_peak = PeakBytes([&] { WalkManifest(text); }) / (1 << 20);
  const double parse_peak =
      PeakBytes([&] { (void)manifest::ParseManifest(text, ""); }) / (1 << 20);
  const auto size = static_cast<double>(text.size());
  const double ratio = Median(parses) / Median(walks);
  absl::PrintF("%s\n", file);
  absl::PrintF("  %.1f MB, %u nodes, %u macros, %.1f MB of text read\n",
               size / 1e6, (*parsed)->node_count(), (*parsed)->macro_count(),
               static_cast<double>(walked) / 1e6);
  absl::PrintF("  simdjson walks it  median %7.1f ms   peak %6.0f MB\n",
               Median(walks), walk_peak);
  absl::PrintF("  doppel reads it    median %7.1f ms   peak %6.0f MB\n",
               Median(parses), parse_peak);
  absl::PrintF("  ratio %.2f   the graph holds %.1f MB, %.0f%% of the JSON\n",
               ratio, graph_bytes / 1e6, 100 * graph_bytes / size);
  return walked == 0 ? std::nullopt : std::optional<double>(ratio);
}

int Main(int argc, char** argv) {
  const std::optional<Options> options = ReadOptions(argc, argv);
  if (!options.has_value()) {
    std::fprintf(stderr,
                 "usage: manifest_benchmark [--rounds=N] [--max_ratio=R] "
                 "manifest.json...\n");
    return 2;
  }
  int status = 0;
  for (const std::string& file : options->files) {
    const std::optional<double> ratio = Measure(file, options->rounds);
    if (!ratio.has_value()) return 2;
    if (*ratio > options->max_ratio) {
      absl::PrintF("  above %.2f\n", options->max_ratio);
      status = 1;
    }
  }
  return status;
}

}  // namespace
}  // namespace doppel::bench

int main(int argc, char** argv) { return doppel::bench::Main(argc, argv); }
