// doppel advise.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/selection_flags.h"
#include "tools/cli/session.h"
#include "tools/cli/source_flag.h"

namespace doppel::cli {
namespace {

struct AdviseFlags {
  v1::Needs needs;
  std::string manifest;
  std::vector<std::string> from;
  std::string timings;
  SelectionFlags selection;
};

absl::StatusOr<v1::AdviseRequest> RequestOf(const AdviseFlags& flags,
                                            Session& session) {
  v1::AdviseRequest request;
  *request.mutable_needs() = flags.needs;
  if (!flags.manifest.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*request.mutable_manifest(),
                            session.UseManifest(flags.manifest));
  }
  for (const std::string& text : flags.from) {
    DOPPEL_ASSIGN_OR_RETURN(*request.add_sources(), ParseSource(text, session));
  }
  if (flags.selection.given()) {
    *request.mutable_selection() = flags.selection.selection();
  }
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_context(),
                          flags.selection.Context(session));
  if (!flags.timings.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*request.mutable_run_results_json(),
                            ReadFile(flags.timings));
  }
  return request;
}

absl::Status Advise(const AdviseFlags& flags, Session& session,
                    Console& console) {
  DOPPEL_ASSIGN_OR_RETURN(const v1::AdviseRequest request,
                          RequestOf(flags, session));
  v1::AdviseResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(
      FromGrpc(session.planning().Advise(&context, request, &response)));
  if (console.json()) {
    console.PrintJson(response);
    return absl::OkStatus();
  }
  console.Print(console.Paint(
      Colour::kBold, EnumWord(v1::Advice_Name(response.advice()), "ADVICE_")));
  for (const std::string& reason : response.reasons()) {
    console.Print(absl::StrCat("  ", reason));
  }
  return absl::OkStatus();
}

// A flag for each row of the comparison.
void AddNeeds(CLI::App& advise, const std::shared_ptr<AdviseFlags>& flags) {
  const auto add = [&](const char* name, void (v1::Needs::*set)(bool),
                       const char* help) {
    advise.add_flag_callback(
        name, [flags, set] { (flags->needs.*set)(true); }, help);
  };
  add("--no-recomputing", &v1::Needs::set_no_recomputing,
      "save time and cost by not recomputing");
  add("--usable-by-other-tools", &v1::Needs::set_usable_by_other_tools,
      "objects that downstream tools (BI) can use");
  add("--safe-to-modify", &v1::Needs::set_safe_to_modify,
      "objects of the target may be changed safely");
  add("--no-new-objects", &v1::Needs::set_no_new_objects,
      "no new objects in the warehouse");
  add("--no-drift", &v1::Needs::set_no_drift,
      "no drift from the source's data");
  add("--several-sources", &v1::Needs::set_several_sources,
      "several, dynamic sources");
}

}  // namespace

void AddAdviseCommand(CLI::App& app, Chosen* chosen) {
  auto flags = std::make_shared<AdviseFlags>();
  CLI::App* const advise = app.add_subcommand(
      "advise",
      "defer or clone? From what you need, and from the case at hand in "
      "numbers\n\nExamples:\n"
      "  doppel advise --no-recomputing --no-new-objects\n"
      "  doppel advise --usable-by-other-tools --manifest new.json --from prod "
      "\\\n    --select path:models/marts --timings run_results.json");
  AddNeeds(*advise, flags);
  advise->add_option("--manifest", flags->manifest,
                     "the current manifest (file or manifests/...)");
  advise->add_option("--from", flags->from,
                     "a source: an environment or a manifest, in the order in "
                     "which they are asked; NAME=SELECTION limits it");
  advise->add_option("--timings", flags->timings,
                     "run_results.json of a build, for the time of rebuilding "
                     "that is avoided");
  flags->selection.AddTo(*advise);
  advise->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Advise(*flags, session, console);
    };
  });
}

}  // namespace doppel::cli
