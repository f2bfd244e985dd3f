// doppel defer.
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
#include "tools/cli/state_directory.h"

namespace doppel::cli {
namespace {

struct DeferFlags {
  std::string manifest;
  std::vector<std::string> from;
  bool favor_state = false;
  std::string target_environment;
  std::string target_connection;
  std::string command = "build";
  std::string state_dir;
  bool all_refs = false;
  SelectionFlags selection;
};

v1::DbtCommand CommandOf(const std::string& word) {
  if (word == "run") return v1::DBT_COMMAND_RUN;
  if (word == "test") return v1::DBT_COMMAND_TEST;
  if (word == "seed") return v1::DBT_COMMAND_SEED;
  if (word == "snapshot") return v1::DBT_COMMAND_SNAPSHOT;
  if (word == "compile") return v1::DBT_COMMAND_COMPILE;
  return v1::DBT_COMMAND_BUILD;
}

absl::StatusOr<v1::ResolveDeferralRequest> RequestOf(const DeferFlags& flags,
                                                     Session& session) {
  v1::ResolveDeferralRequest request;
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_manifest(),
                          session.UseManifest(flags.manifest));
  for (const std::string& text : flags.from) {
    DOPPEL_ASSIGN_OR_RETURN(*request.add_sources(), ParseSource(text, session));
  }
  if (flags.selection.given()) {
    *request.mutable_selection() = flags.selection.selection();
  }
  DOPPEL_ASSIGN_OR_RETURN(*request.mutable_context(),
                          flags.selection.Context(session));
  request.set_favor_state(flags.favor_state);
  request.set_command(CommandOf(flags.command));
  request.set_dbt_version(flags.selection.dbt_version());
  if (!flags.target_environment.empty()) {
    request.mutable_target()->set_environment(
        EnvironmentName(flags.target_environment));
  } else if (!flags.target_connection.empty()) {
    request.mutable_target()->set_connection(flags.target_connection);
  }
  return request;
}

void AddRows(const v1::NodeResolution& node, bool all_refs, Table& table) {
  for (const v1::RefResolution& ref : node.refs()) {
    if (ref.origin() != v1::REF_ORIGIN_SOURCE && !all_refs) continue;
    table.AddRow({node.unique_id(), ref.unique_id(),
                  ref.origin() == v1::REF_ORIGIN_INLINED
                      ? "(inlined)"
                      : ref.relation().rendered(),
                  ref.origin() == v1::REF_ORIGIN_SOURCE ? ref.from() : "target",
                  EnumWord(v1::RefRule_Name(ref.rule()), "REF_RULE_")});
  }
}

void PrintResolution(const v1::DeferResolution& resolution, bool all_refs,
                     Console& console) {
  for (const v1::Warning& warning : resolution.warnings()) {
    console.Note(absl::StrCat("warning: ", warning.message()));
  }
  Table table({"NODE", "REF", "RELATION", "FROM", "BECAUSE"});
  for (const v1::NodeResolution& node : resolution.nodes()) {
    AddRows(node, all_refs, table);
  }
  if (!table.empty()) table.PrintTo(console);
  const v1::DeferralSummary& summary = resolution.summary();
  console.Print(absl::StrCat(
      Count(summary.selected_nodes(), "node"), ", ",
      Count(summary.refs(), "ref"), ": ", summary.deferred_refs(),
      " deferred (", Count(summary.borrowed_relations(), "relation"),
      " borrowed), ", summary.target_refs(), " to the target, ",
      summary.inlined_refs(), " inlined"));
  for (const v1::ResolvedSource& source : resolution.sources()) {
    console.Print(absl::StrCat(
        "  ",
        source.environment().empty() ? source.manifest() : source.environment(),
        ": serves ", Count(source.served_refs(), "ref"), ", may serve ",
        Count(source.servable_nodes(), "node")));
  }
  if (summary.unresolved_refs() > 0) {
    console.Note(absl::StrCat(
        "warning: ", Count(summary.unresolved_refs(), "ref"),
        " will find nothing: no source has them and nothing builds them; see "
        "--all-refs"));
  }
}

absl::Status Defer(const DeferFlags& flags, Session& session,
                   Console& console) {
  DOPPEL_ASSIGN_OR_RETURN(const v1::ResolveDeferralRequest request,
                          RequestOf(flags, session));
  v1::ResolveDeferralResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      session.planning().ResolveDeferral(&context, request, &response)));
  if (console.json()) {
    console.PrintJson(response.resolution());
  } else {
    PrintResolution(response.resolution(), flags.all_refs, console);
  }
  if (flags.state_dir.empty()) return absl::OkStatus();
  DOPPEL_RETURN_IF_ERROR(WriteStateDirectory(
      session, response.resolution().name(), flags.state_dir, console));
  if (!console.json()) {
    console.Print(absl::StrCat("wrote ", flags.state_dir,
                               "/manifest.json; use "
                               "it with: dbt ",
                               flags.command, " --defer",
                               flags.favor_state ? " --favor-state" : "",
                               " --state ", flags.state_dir));
  }
  return absl::OkStatus();
}

}  // namespace

void AddDeferCommand(CLI::App& app, Chosen* chosen) {
  auto flags = std::make_shared<DeferFlags>();
  CLI::App* const command = app.add_subcommand(
      "defer",
      "say which relation each ref reads, from several environments\n\n"
      "Example:\n"
      "  doppel defer --manifest target/manifest.json --state prod.json \\\n"
      "    --from 'staging=state:modified' --from prod \\\n"
      "    --select state:modified+ --state-dir defer-state");
  command
      ->add_option("-m,--manifest", flags->manifest,
                   "the manifest whose refs are resolved")
      ->required();
  command
      ->add_option("--from", flags->from,
                   "a source: an environment or a manifest, and behind a = the "
                   "selection that it may serve; asked in this order")
      ->required();
  command->add_flag("--favor-state", flags->favor_state,
                    "take unselected nodes from the sources even where the "
                    "target has them");
  CLI::Option* const environment = command->add_option(
      "--target", flags->target_environment,
      "the environment that is built in: its warehouse says what exists");
  command
      ->add_option("--target-connection", flags->target_connection,
                   "the same, as <profile>/<target>")
      ->excludes(environment);
  command
      ->add_option("--command", flags->command, "the dbt command that will run")
      ->check(CLI::IsMember(
          {"build", "run", "test", "seed", "snapshot", "compile"}))
      ->capture_default_str();
  command->add_option("--state-dir", flags->state_dir,
                      "write the manifest.json for dbt's --defer --state here");
  command->add_flag("--all-refs", flags->all_refs,
                    "show refs to the target as well");
  flags->selection.AddTo(*command);
  command->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return Defer(*flags, session, console);
    };
  });
}

}  // namespace doppel::cli
