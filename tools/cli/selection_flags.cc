#include "tools/cli/selection_flags.h"

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "doppel/v1/manifest.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

v1::IndirectSelection Indirect(const std::string& name) {
  if (name == "cautious") return v1::INDIRECT_SELECTION_CAUTIOUS;
  if (name == "buildable") return v1::INDIRECT_SELECTION_BUILDABLE;
  if (name == "empty") return v1::INDIRECT_SELECTION_EMPTY;
  return v1::INDIRECT_SELECTION_EAGER;
}

}  // namespace

void SelectionFlags::AddTo(CLI::App& command) {
  command.add_option("-s,--select", select_,
                     "nodes to take, in dbt's selection syntax");
  command.add_option("--exclude", exclude_, "nodes to leave out");
  command.add_option("--selector", selector_,
                     "a YAML selector of the manifest, instead of --select");
  command
      .add_option("--indirect-selection", indirect_,
                  "which tests come with the nodes")
      ->check(CLI::IsMember({"eager", "cautious", "buildable", "empty"}))
      ->capture_default_str();
  command.add_option("--resource-type", types_,
                     "resource types to keep (model, test, ..., all)");
  command.add_option("--exclude-resource-type", exclude_types_,
                     "resource types to leave out");
  command.add_option("--state", state_,
                     "the older manifest, for state: (file or manifests/...)");
  command.add_option("--run-results", run_results_,
                     "run_results.json, for result:");
  command.add_option("--sources", sources_,
                     "current sources.json, for source_status:");
  command.add_option("--state-sources", state_sources_,
                     "older sources.json, for source_status:");
  command.add_option("--dbt-version", dbt_version_,
                     "the dbt whose answer is wanted, such as 1.8");
  comparison_.AddTo(command);
}

bool SelectionFlags::given() const {
  return !select_.empty() || !exclude_.empty() || !selector_.empty() ||
         !types_.empty() || !exclude_types_.empty();
}

v1::Selection SelectionFlags::selection() const {
  v1::Selection out;
  out.mutable_select()->Add(select_.begin(), select_.end());
  out.mutable_exclude()->Add(exclude_.begin(), exclude_.end());
  out.set_selector(selector_);
  out.set_indirect_selection(Indirect(indirect_));
  out.mutable_resource_types()->Add(types_.begin(), types_.end());
  out.mutable_exclude_resource_types()->Add(exclude_types_.begin(),
                                            exclude_types_.end());
  return out;
}

absl::StatusOr<v1::SelectionContext> SelectionFlags::Context(
    Session& session) const {
  v1::SelectionContext context;
  context.set_dbt_version(dbt_version_);
  *context.mutable_comparison() = comparison_.options();
  if (!state_.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*context.mutable_state_manifest(),
                            session.UseManifest(state_));
  }
  if (!run_results_.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*context.mutable_run_results_json(),
                            ReadFile(run_results_));
  }
  if (!sources_.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*context.mutable_sources_json(),
                            ReadFile(sources_));
  }
  if (!state_sources_.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*context.mutable_state_sources_json(),
                            ReadFile(state_sources_));
  }
  return context;
}

}  // namespace doppel::cli
