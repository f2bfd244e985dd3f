#include "service/warehouse/duckdb/credentials.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "service/base/error.h"
#include "service/base/status_macros.h"
#include "service/warehouse/profiles/local_path.h"

namespace doppel::warehouse::duckdb {
namespace {

using profiles::Value;

// Keys with which dbt-duckdb opens what is not a plain DuckDB file here.
constexpr absl::string_view kUnsupported[] = {
    "remote", "secrets", "use_credential_provider", "is_ducklake"};

bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '_' || c == '.';
  });
}

class CredentialsReader {
 public:
  CredentialsReader(const profiles::Target& target, absl::string_view folder)
      : target_(target), folder_(folder) {}

  absl::StatusOr<Credentials> Read() {
    DOPPEL_RETURN_IF_ERROR(RefuseUnsupported());
    Credentials read;
    read.secrets = target_.secrets;
    const Value* const path = target_.values.Find("path");
    DOPPEL_ASSIGN_OR_RETURN(
        read.path,
        Path(path == nullptr ? std::string(kInMemory) : path->text, "path"));
    DOPPEL_RETURN_IF_ERROR(ReadAttachments(&read));
    DOPPEL_RETURN_IF_ERROR(ReadDatabase(&read));
    DOPPEL_RETURN_IF_ERROR(ReadExtensions(&read));
    DOPPEL_RETURN_IF_ERROR(ReadPairs("settings", &read.settings));
    DOPPEL_RETURN_IF_ERROR(ReadPairs("config_options", &read.config));
    return read;
  }

 private:
  Error Invalid(absl::string_view key, absl::string_view what) const {
    return profiles::InvalidValue(target_, key, what);
  }

  Error Unsupported(absl::string_view key, absl::string_view what) const {
    return profiles::UnsupportedValue(target_, key, what);
  }

  absl::Status RefuseUnsupported() const {
    for (const absl::string_view key : kUnsupported) {
      const Value* const value = target_.values.Find(key);
      const bool is_set =
          value != nullptr && !(value->kind == Value::Kind::kText &&
                                absl::EqualsIgnoreCase(value->text, "false"));
      if (is_set) {
        return Unsupported(key,
                           "doppel opens DuckDB files on this machine alone");
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Path(const std::string& path,
                                   absl::string_view key) const {
    if (path == kInMemory) return path;
    if (path.empty()) return Invalid(key, "no path");
    if (profiles::IsUrl(path)) {
      return Unsupported(key,
                         "a URL, such as of MotherDuck, DuckLake or S3; doppel "
                         "opens DuckDB files on this machine alone");
    }
    return profiles::LocalPath(path, folder_);
  }

  absl::Status ReadDatabase(Credentials* read) const {
    const std::string of_path = DatabaseOfPath(read->path);
    read->database = target_.values.Text("database");
    if (read->database.empty()) read->database = of_path;
    if (read->database == of_path) return absl::OkStatus();
    for (const Attachment& attachment : read->attachments) {
      if (attachment.alias == read->database) return absl::OkStatus();
    }
    return Invalid("database",
                   absl::StrCat("must be \"", of_path,
                                "\", as the path has it, or the alias of an "
                                "attached database"));
  }

  absl::Status ReadAttachments(Credentials* read) const {
    const Value* const list = target_.values.Find("attach");
    if (list == nullptr) return absl::OkStatus();
    for (size_t i = 0; i < list->items.size(); ++i) {
      const std::string key = absl::StrCat("attach[", i, "]");
      DOPPEL_ASSIGN_OR_RETURN(Attachment attachment,
                              ReadAttachment(list->items[i], key));
      read->attachments.push_back(std::move(attachment));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Attachment> ReadAttachment(const Value& value,
                                            const std::string& key) const {
    Attachment attachment;
    DOPPEL_ASSIGN_OR_RETURN(attachment.path,
                            Path(value.Text("path"), key + ".path"));
    attachment.alias = value.Text("alias");
    if (attachment.alias.empty()) {
      attachment.alias = DatabaseOfPath(attachment.path);
    }
    const Value* const read_only = value.Find("read_only");
    attachment.is_read_only = read_only != nullptr && read_only->IsTrue();
    DOPPEL_RETURN_IF_ERROR(CheckType(value, key));
    const Value* const options = value.Find("options");
    if (options == nullptr) return attachment;
    DOPPEL_RETURN_IF_ERROR(CheckType(*options, key + ".options"));
    for (const auto& [name, option] : options->members) {
      if (name == "type") continue;
      if (absl::EqualsIgnoreCase(name, "read_only")) {
        attachment.is_read_only = option.IsTrue();
        continue;
      }
      if (!IsWord(name)) return Invalid(key + ".options", "a bad name");
      attachment.options.emplace_back(name, option.text);
    }
    return attachment;
  }

  absl::Status CheckType(const Value& value, const std::string& key) const {
    const std::string type = value.Text("type");
    if (value.Find("secret") == nullptr &&
        (type.empty() || absl::EqualsIgnoreCase(type, "duckdb"))) {
      return absl::OkStatus();
    }
    return Unsupported(key + ".type",
                       "doppel attaches DuckDB files on this machine alone");
  }

  absl::Status ReadExtensions(Credentials* read) const {
    const Value* const list = target_.values.Find("extensions");
    if (list == nullptr) return absl::OkStatus();
    for (const Value& item : list->items) {
      const std::string name =
          item.kind == Value::Kind::kMap ? item.Text("name") : item.text;
      if (!IsWord(name)) return Invalid("extensions", "not a name");
      read->extensions.push_back(name);
    }
    return absl::OkStatus();
  }

  absl::Status ReadPairs(absl::string_view key, Pairs* pairs) const {
    const Value* const map = target_.values.Find(key);
    if (map == nullptr) return absl::OkStatus();
    for (const auto& [name, value] : map->members) {
      if (!IsWord(name) || value.kind != Value::Kind::kText) {
        return Invalid(absl::StrCat(key, ".", name),
                       "must be a setting's name with one value");
      }
      pairs->emplace_back(name, value.text);
    }
    return absl::OkStatus();
  }

  const profiles::Target& target_;
  const absl::string_view folder_;
};

}  // namespace

absl::StatusOr<Credentials> ReadCredentials(const profiles::Target& target,
                                            absl::string_view folder) {
  return CredentialsReader(target, folder).Read();
}

std::string DatabaseOfPath(absl::string_view path) {
  if (path == kInMemory) return "memory";
  absl::string_view file = path.substr(path.rfind('/') + 1);
  while (absl::ConsumePrefix(&file, ".")) {
  }
  return std::string(file.substr(0, file.find('.')));
}

}  // namespace doppel::warehouse::duckdb
