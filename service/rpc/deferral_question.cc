#include "service/rpc/deferral_question.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "doppel/v1/planning_service.pb.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/deferral/dbt_rules.h"
#include "service/deferral/existing_relations.h"
#include "service/rpc/convert_deferral.h"
#include "service/rpc/convert_manifest.h"
#include "service/rpc/live_catalog.h"
#include "service/rpc/selecting.h"

namespace doppel::rpc {
namespace {

// A source's manifest, and the nodes that it may serve.
absl::StatusOr<DeferralQuestion::Source> FirmSource(
    const Services& services, const v1::DeferSource& source,
    const v1::SelectionContext& context, absl::string_view dbt_version,
    absl::string_view field, std::vector<state::Warning>* warnings) {
  DeferralQuestion::Source firm;
  switch (source.from_case()) {
    case v1::DeferSource::kEnvironment: {
      DOPPEL_ASSIGN_OR_RETURN(
          const store::EnvironmentRecord environment,
          LoadEnvironment(services, source.environment(),
                          absl::StrCat(field, ".environment")));
      DOPPEL_ASSIGN_OR_RETURN(firm.manifest, ManifestOf(environment));
      firm.label = source.environment();
      break;
    }
    case v1::DeferSource::kManifest: {
      DOPPEL_ASSIGN_OR_RETURN(
          firm.manifest,
          DigestOf(source.manifest(), absl::StrCat(field, ".manifest")));
      firm.label = source.manifest();
      break;
    }
    default:
      return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
                   absl::StrCat(field,
                                ": expected an environment or a "
                                "manifest, got neither"))
          .With("field", field)
          .Field(field, "expected an environment or a manifest");
  }
  DOPPEL_ASSIGN_OR_RETURN(const ManifestPtr manifest,
                          services.library->Load(firm.manifest));
  AddStateVersionWarning(*manifest, dbt_version, *warnings);
  if (!source.has_serves()) return firm;
  DOPPEL_ASSIGN_OR_RETURN(
      selection::SelectionResult serves,
      SelectNodes(services, manifest, {source.serves(), context}));
  firm.serves = std::move(serves.nodes);
  warnings->insert(warnings->end(), serves.warnings.begin(),
                   serves.warnings.end());
  return firm;
}

// The relations that exist in the manifest's schemas of a warehouse.
absl::Status ReadExisting(warehouse::Warehouse& warehouse,
                          const manifest::Manifest& manifest,
                          DeferralQuestion& question, std::stop_token stop) {
  question.default_database = warehouse.default_database();
  std::vector<SchemaName> schemas = SchemasOf(manifest);
  for (SchemaName& schema : schemas) {
    if (schema.database.empty()) schema.database = question.default_database;
  }
  DOPPEL_ASSIGN_OR_RETURN(const std::vector<CatalogEntry> entries,
                          warehouse.ListRelations(schemas, std::move(stop)));
  for (const CatalogEntry& entry : entries) {
    question.existing.push_back(entry.name);
  }
  return absl::OkStatus();
}

absl::Status FirmTarget(const Services& services,
                        const v1::TargetCatalog& target,
                        const manifest::Manifest& manifest,
                        DeferralQuestion& question, std::stop_token stop) {
  switch (target.catalog_case()) {
    case v1::TargetCatalog::kRelations:
      for (const v1::Relation& relation : target.relations().relations()) {
        question.existing.push_back(
            {relation.database(), relation.schema(), relation.identifier()});
      }
      return absl::OkStatus();
    case v1::TargetCatalog::kEnvironment: {
      DOPPEL_ASSIGN_OR_RETURN(const store::EnvironmentRecord environment,
                              LoadEnvironment(services, target.environment(),
                                              "target.environment"));
      DOPPEL_ASSIGN_OR_RETURN(const auto warehouse,
                              OpenWarehouse(services, environment));
      return ReadExisting(*warehouse, manifest, question, std::move(stop));
    }
    case v1::TargetCatalog::kConnection: {
      DOPPEL_ASSIGN_OR_RETURN(const auto warehouse,
                              services.connections->Open(target.connection()));
      return ReadExisting(*warehouse, manifest, question, std::move(stop));
    }
    default:
      return absl::OkStatus();  // nothing exists
  }
}

absl::Status CheckSources(const v1::ResolveDeferralRequest& request,
                          const Limits& limits) {
  const int count = request.sources_size();
  if (count > 0 && count <= limits.max_sources) return absl::OkStatus();
  const std::string message = absl::StrCat("expected 1 to ", limits.max_sources,
                                           " sources, got ", count);
  return Error(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
               absl::StrCat("sources: ", message))
      .With("count", count)
      .With("limit", limits.max_sources)
      .Field("sources", message);
}

}  // namespace

absl::StatusOr<DeferralQuestion> QuestionOf(
    const Services& services, const v1::ResolveDeferralRequest& request,
    std::vector<state::Warning>* warnings, std::stop_token stop) {
  DOPPEL_RETURN_IF_ERROR(CheckSources(request, services.limits));
  DeferralQuestion question;
  DOPPEL_ASSIGN_OR_RETURN(
      const ManifestPtr manifest,
      LoadManifest(services, request.manifest(), "manifest"));
  question.manifest = manifest->digest();
  for (int i = 0; i < request.sources_size(); ++i) {
    DOPPEL_ASSIGN_OR_RETURN(
        DeferralQuestion::Source source,
        FirmSource(services, request.sources(i), request.context(),
                   request.dbt_version(), absl::StrCat("sources[", i, "]"),
                   warnings));
    question.sources.push_back(std::move(source));
  }
  DOPPEL_ASSIGN_OR_RETURN(question.command, FromProto(request.command()));
  DOPPEL_ASSIGN_OR_RETURN(
      selection::SelectionResult selected,
      SelectNodes(services, manifest,
                  {request.selection(), request.context(), {"all"}, false}));
  question.selected = std::move(selected.nodes);
  warnings->insert(warnings->end(), selected.warnings.begin(),
                   selected.warnings.end());
  question.favor_state = request.favor_state();
  question.dbt_version = request.dbt_version().empty()
                             ? std::string(manifest->metadata().dbt_version)
                             : request.dbt_version();
  DOPPEL_RETURN_IF_ERROR(deferral::RulesOf(question.dbt_version).status());
  DOPPEL_RETURN_IF_ERROR(FirmTarget(services, request.target(), *manifest,
                                    question, std::move(stop)));
  return question;
}

absl::StatusOr<std::vector<deferral::DeferSource>> SourcesOf(
    const Services& services, const DeferralQuestion& question) {
  std::vector<deferral::DeferSource> sources;
  for (const DeferralQuestion::Source& source : question.sources) {
    DOPPEL_ASSIGN_OR_RETURN(ManifestPtr manifest,
                            services.library->Load(source.manifest));
    sources.push_back({source.label, std::move(manifest), source.serves});
  }
  return sources;
}

absl::StatusOr<deferral::Resolution> ResolveQuestion(
    const Services& services, const DeferralQuestion& question) {
  deferral::ResolveInputs inputs;
  DOPPEL_ASSIGN_OR_RETURN(inputs.current,
                          services.library->Load(question.manifest));
  DOPPEL_ASSIGN_OR_RETURN(inputs.sources, SourcesOf(services, question));
  inputs.selected = question.selected;
  inputs.command = question.command;
  inputs.favor_state = question.favor_state;
  DOPPEL_ASSIGN_OR_RETURN(inputs.rules,
                          deferral::RulesOf(question.dbt_version));
  const Rendering rendering = RenderingOf(*inputs.current);
  inputs.dialect = rendering.dialect;
  inputs.quoting = rendering.quoting;
  inputs.target = std::make_shared<deferral::ExistingRelations>(
      question.existing, *rendering.dialect, rendering.quoting,
      question.default_database);
  return deferral::Resolve(std::move(inputs));
}

}  // namespace doppel::rpc
