// doppel env set|get|list|delete|relations.
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "doppel/v1/environment_service.pb.h"
#include "service/base/identifier.h"
#include "service/base/status_macros.h"
#include "tools/cli/command.h"
#include "tools/cli/console.h"
#include "tools/cli/failure.h"
#include "tools/cli/names.h"
#include "tools/cli/session.h"

namespace doppel::cli {
namespace {

struct SetFlags {
  std::string name;
  std::string manifest;
  std::string connection;
  std::string description;
  std::string expires_in;
  bool is_protected = false;
  bool unprotected = false;
};

void PrintEnvironment(const v1::Environment& environment,
                      const Console& console) {
  if (console.json()) {
    console.PrintJson(environment);
    return;
  }
  const auto line = [&console](absl::string_view key, absl::string_view value) {
    if (!value.empty())
      console.Print(absl::StrFormat("  %-12s %s", key, value));
  };
  console.Print(console.Paint(Colour::kBold, environment.name()));
  line("manifest", environment.manifest());
  line("connection", environment.connection());
  line("description", environment.description());
  if (environment.protected_()) line("protected", "yes");
  if (environment.has_expire_time()) {
    line("expires", absl::FormatTime(absl::FromUnixSeconds(
                        environment.expire_time().seconds())));
  }
  line("etag", environment.etag());
}

// The fields that the flags name, and the mask that says so.
absl::Status FillChanges(const SetFlags& flags, Session& session,
                         v1::Environment& environment,
                         google::protobuf::FieldMask& mask) {
  environment.set_name(EnvironmentName(flags.name));
  if (!flags.manifest.empty()) {
    DOPPEL_ASSIGN_OR_RETURN(*environment.mutable_manifest(),
                            session.KeepManifest(flags.manifest));
    mask.add_paths("manifest");
  }
  if (!flags.connection.empty()) {
    environment.set_connection(flags.connection);
    mask.add_paths("connection");
  }
  if (!flags.description.empty()) {
    environment.set_description(flags.description);
    mask.add_paths("description");
  }
  if (flags.is_protected || flags.unprotected) {
    environment.set_protected_(flags.is_protected);
    mask.add_paths("protected");
  }
  if (!flags.expires_in.empty()) {
    absl::Duration age;
    if (!absl::ParseDuration(flags.expires_in, &age) ||
        age <= absl::ZeroDuration()) {
      return UsageError(absl::StrCat("--expires-in ", flags.expires_in,
                                     ": expected a time such as 72h"));
    }
    environment.mutable_expire_time()->set_seconds(
        absl::ToUnixSeconds(absl::Now() + age));
    mask.add_paths("expire_time");
  }
  return absl::OkStatus();
}

absl::Status SetEnvironment(const SetFlags& flags, Session& session,
                            Console& console) {
  v1::UpdateEnvironmentRequest update;
  DOPPEL_RETURN_IF_ERROR(FillChanges(flags, session,
                                     *update.mutable_environment(),
                                     *update.mutable_update_mask()));
  v1::GetEnvironmentRequest get;
  get.set_name(update.environment().name());
  v1::GetEnvironmentResponse found;
  grpc::ClientContext get_context;
  const grpc::Status status =
      session.environments().GetEnvironment(&get_context, get, &found);
  grpc::ClientContext context;
  if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
    v1::CreateEnvironmentRequest create;
    *create.mutable_environment() = update.environment();
    create.set_request_id(NewUuid());
    v1::CreateEnvironmentResponse created;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.environments().CreateEnvironment(&context, create, &created)));
    PrintEnvironment(created.environment(), console);
    return absl::OkStatus();
  }
  DOPPEL_RETURN_IF_ERROR(FromGrpc(status));
  update.mutable_environment()->set_etag(found.environment().etag());
  update.set_request_id(NewUuid());
  v1::UpdateEnvironmentResponse updated;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      session.environments().UpdateEnvironment(&context, update, &updated)));
  PrintEnvironment(updated.environment(), console);
  return absl::OkStatus();
}

absl::Status GetEnvironment(const std::string& name, Session& session,
                            Console& console) {
  v1::GetEnvironmentRequest request;
  request.set_name(EnvironmentName(name));
  v1::GetEnvironmentResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      session.environments().GetEnvironment(&context, request, &response)));
  PrintEnvironment(response.environment(), console);
  return absl::OkStatus();
}

absl::Status ListEnvironments(Session& session, Console& console) {
  Table table({"ENVIRONMENT", "CONNECTION", "MANIFEST", "DESCRIPTION"});
  v1::ListEnvironmentsRequest request;
  v1::ListEnvironmentsResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.environments().ListEnvironments(&context, request, &response)));
    for (const v1::Environment& environment : response.environments()) {
      if (console.json()) {
        console.PrintJson(environment);
        continue;
      }
      table.AddRow({environment.name(), environment.connection(),
                    environment.manifest().substr(0, 22),
                    environment.description()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!console.json()) table.PrintTo(console);
  return absl::OkStatus();
}

absl::Status DeleteEnvironment(const std::string& name, Session& session,
                               Console& console) {
  v1::DeleteEnvironmentRequest request;
  request.set_name(EnvironmentName(name));
  request.set_request_id(NewUuid());
  v1::DeleteEnvironmentResponse response;
  grpc::ClientContext context;
  DOPPEL_RETURN_IF_ERROR(FromGrpc(
      session.environments().DeleteEnvironment(&context, request, &response)));
  if (!console.json()) console.Print(absl::StrCat("deleted ", request.name()));
  return absl::OkStatus();
}

absl::Status ListRelations(const std::string& name, Session& session,
                           Console& console) {
  Table table({"RELATION", "KIND", "ROWS", "NODE"});
  v1::ListRelationsRequest request;
  request.set_environment(EnvironmentName(name));
  v1::ListRelationsResponse response;
  do {
    grpc::ClientContext context;
    DOPPEL_RETURN_IF_ERROR(FromGrpc(
        session.environments().ListRelations(&context, request, &response)));
    for (const v1::LiveRelation& live : response.relations()) {
      if (console.json()) {
        console.PrintJson(live);
        continue;
      }
      table.AddRow({live.relation().rendered(),
                    KindWord(live.relation().kind()),
                    live.row_count() < 0 ? "" : absl::StrCat(live.row_count()),
                    live.unique_id()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!console.json()) table.PrintTo(console);
  return absl::OkStatus();
}

// A command of `env` that takes a name and nothing else.
void AddNamed(CLI::App& group, const char* word, const char* help,
              absl::Status (*run)(const std::string&, Session&, Console&),
              Chosen* chosen) {
  auto name = std::make_shared<std::string>();
  CLI::App* const command = group.add_subcommand(word, help);
  command->add_option("name", *name, "the environment")->required();
  command->callback([name, run, chosen] {
    chosen->body = [name, run](Session& session, Console& console) {
      return run(*name, session, console);
    };
  });
}

}  // namespace

void AddEnvironmentCommands(CLI::App& app, Chosen* chosen) {
  CLI::App* const group = app.add_subcommand("env", "keep environments");
  group->require_subcommand(1);
  auto flags = std::make_shared<SetFlags>();
  CLI::App* const set = group->add_subcommand(
      "set",
      "create an environment or change it\n\nExample:\n"
      "  doppel env set prod --manifest prod/manifest.json "
      "--connection shop/prod");
  set->add_option("name", flags->name, "the environment, such as prod")
      ->required();
  set->add_option("--manifest", flags->manifest,
                  "its manifest now: a file or manifests/...");
  set->add_option("--connection", flags->connection,
                  "its warehouse: <profile>/<target> of profiles.yml");
  set->add_option("--description", flags->description, "for people");
  set->add_option("--expires-in", flags->expires_in,
                  "when what doppel made there may be cleaned up, such as 72h");
  set->add_flag("--protected", flags->is_protected,
                "refuse to delete it or to change what doppel does not own");
  set->add_flag("--unprotected", flags->unprotected, "the reverse");
  set->callback([flags, chosen] {
    chosen->body = [flags](Session& session, Console& console) {
      return SetEnvironment(*flags, session, console);
    };
  });
  AddNamed(*group, "get", "show an environment", &GetEnvironment, chosen);
  AddNamed(*group, "delete", "forget an environment; its relations stay",
           &DeleteEnvironment, chosen);
  AddNamed(*group, "relations", "list what is in its warehouse now",
           &ListRelations, chosen);
  CLI::App* const list = group->add_subcommand("list", "list environments");
  list->callback([chosen] { chosen->body = &ListEnvironments; });
}

}  // namespace doppel::cli
