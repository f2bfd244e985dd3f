// doppel ls, doppel diff.
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "doppel/v1/manifest_service.pb.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/comparison_flags.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/selection_flags.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

struct LsFlags {
  std::string manifest;
  bool names_only = false;
  SelectionFlags selection;
};

struct DiffFlags {
  std::string manifest;
  std::string older;
  std::vector<std::string> select;
  std::string dbt_version;
  ComparisonFlags comparison;
};

void PrintWarnings(
    const google::protobuf::RepeatedPtrField<v1::Warning>& warnings,
    Console& console) {
  for (const v1::Warning& warning : warnings) {
    console.Note(absl::StrCat("warning: ", warning.message()));
  }
}

absl::Status ListNodes(const LsFlags& flags, Session& session,
                       Console& console) {
  v1::ListNodesRequest request;
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_manifest(),
                          session.UseManifest(flags.manifest));
  *request.mutable_selection() = flags.selection.selection();
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_context(),
                          flags.selection.Context(session));
  request.set_view(console.json() && !flags.names_only ? v1::NODE_VIEW_FULL
                                                       : v1::NODE_VIEW_BASIC);
  request.set_page_size(10'000);
  v1::ListNodesResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(
        FromGrpc(session.manifests().ListNodes(&context, request, &response)));
    PrintWarnings(response.warnings(), console);
    for (const v1::Node& node : response.nodes()) {
      if (console.json()) {
        console.PrintJson(node);
      } else {
        console.Print(node.unique_id());
      }
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return absl::OkStatus();
}

Colour ColourOf(v1::DifferenceKind kind) {
  switch (kind) {
    case v1::DIFFERENCE_KIND_NEW:
      return Colour::kGreen;
    case v1::DIFFERENCE_KIND_REMOVED:
      return Colour::kRed;
    default:
      return Colour::kYellow;
  }
}

const char* SignOf(v1::DifferenceKind kind) {
  switch (kind) {
    case v1::DIFFERENCE_KIND_NEW:
      return "+";
    case v1::DIFFERENCE_KIND_REMOVED:
      return "-";
    default:
      return "~";
  }
}

std::string Describe(const v1::DifferenceCause& cause) {
  std::string text = EnumWord(v1::DifferenceCauseKind_Name(cause.kind()),
                              "DIFFERENCE_CAUSE_KIND_");
  if (!cause.subject().empty()) absl::StrAppend(&text, " ", cause.subject());
  if (!cause.detail().empty()) absl::StrAppend(&text, ": ", cause.detail());
  if (cause.path_size() > 1) {
    absl::StrAppend(&text, " (through ", absl::StrJoin(cause.path(), " > "),
                    ")");
  }
  return text;
}

// Whether what differs is muted, all of it.
bool IsMuted(const v1::Difference& difference) {
  return difference.causes().empty() && !difference.muted_causes().empty();
}

void PrintDifference(const v1::Difference& difference, const Console& console) {
  if (console.json()) {
    console.PrintJson(difference);
    return;
  }
  const bool muted = IsMuted(difference);
  console.Print(
      console.Paint(muted ? Colour::kDim : ColourOf(difference.kind()),
                    absl::StrCat(muted ? "." : SignOf(difference.kind()), " ",
                                 difference.unique_id())));
  for (const v1::DifferenceCause& cause : difference.causes()) {
    if (cause.kind() == v1::DIFFERENCE_CAUSE_KIND_NEW) continue;
    console.Print(absl::StrCat("    ", Describe(cause)));
  }
  for (const v1::DifferenceCause& cause : difference.muted_causes()) {
    console.Print(console.Paint(Colour::kDim,
                                absl::StrCat("    (muted) ", Describe(cause))));
  }
}

absl::Status Diff(const DiffFlags& flags, Session& session, Console& console) {
  v1::CompareManifestsRequest request;
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_current(),
                          session.UseManifest(flags.manifest));
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_older(),
                          session.UseManifest(flags.older));
  for (const std::string& piece : flags.select) {
    request.mutable_selection()->add_select(piece);
  }
  request.set_dbt_version(flags.dbt_version);
  *request.mutable_comparison() = flags.comparison.options();
  request.set_page_size(1000);
  int muted = 0;
  int counts[v1::DifferenceKind_ARRAYSIZE] = {};
  v1::CompareManifestsResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.manifests().CompareManifests(&context, request, &response)));
    PrintWarnings(response.warnings(), console);
    for (const v1::Difference& difference : response.differences()) {
      PrintDifference(difference, console);
      ++(IsMuted(difference) ? muted : counts[difference.kind()]);
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!console.json()) {
    console.Print(
        absl::StrCat(counts[v1::DIFFERENCE_KIND_NEW], " new, ",
                     counts[v1::DIFFERENCE_KIND_MODIFIED], " modified, ",
                     counts[v1::DIFFERENCE_KIND_REMOVED], " removed",
                     muted > 0 ? absl::StrCat(", ", muted, " muted") : ""));
  }
  return absl::OkStatus();
}

}  // namespace

void AddNodeCommands(CLI::App& app, Chosen* chosen) {
  auto ls = std::make_shared<LsFlags>();
  CLI::App* const list =
      app.add_subcommand("ls",
                         "list nodes, as dbt ls does\n\nExample:\n"
                         "  doppel ls --manifest new.json --state old.json "
                         "--select state:modified+ --exclude tag:slow");
  list->add_option("-m,--manifest", ls->manifest,
                   "the manifest: a file or manifests/...")
      ->required();
  list->add_flag("--names-only", ls->names_only,
                 "with --output json: unique_id, resource_type and name alone");
  ls->selection.AddTo(*list);
  list->callback([ls, chosen] {
    chosen->keeps_nothing =
        !IsManifestName(ls->manifest) && !IsManifestName(ls->selection.state());
    chosen->body = [ls](Session& session, Console& console) {
      return ListNodes(*ls, session, console);
    };
  });

  auto diff = std::make_shared<DiffFlags>();
  CLI::App* const compare = app.add_subcommand(
      "diff",
      "say what differs between two manifests, and why\n\nExample:\n"
      "  doppel diff --manifest new.json --state old.json\n"
      "  doppel diff --manifest new.json --state old.json --strict "
      "--mute dbt_macros");
  compare
      ->add_option("-m,--manifest", diff->manifest,
                   "the manifest that is looked at: a file or manifests/...")
      ->required();
  compare
      ->add_option("--state", diff->older,
                   "the older manifest that it is compared with")
      ->required();
  compare->add_option("-s,--select", diff->select,
                      "only these nodes, in dbt's selection syntax");
  compare->add_option("--dbt-version", diff->dbt_version,
                      "the dbt whose answer is wanted, such as 1.8");
  diff->comparison.AddTo(*compare);
  compare->callback([diff, chosen] {
    chosen->keeps_nothing =
        !IsManifestName(diff->manifest) && !IsManifestName(diff->older);
    chosen->body = [diff](Session& session, Console& console) {
      return Diff(*diff, session, console);
    };
  });
}

}  // namespace doppel::cli
