// A manifest that is read beside another one is the same graph as without.

#include "service/manifest/base_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "service/manifest/describe.h"
#include "service/manifest/mutator.h"
#include "service/manifest/parse.h"
#include "service/manifest/test_manifest.h"

namespace doppel::manifest {
namespace {

using ManifestPtr = std::shared_ptr<const Manifest>;

// The small manifest with all macros that it names, and times: in front of the
// columns, behind them, and in a macro.
std::string TimedManifest(absl::string_view time) {
  return absl::StrReplaceAll(
      SmallManifest(12),
      {{"macro.dbt.unknown", "macro.shop.cents"},
       {R"("refs":)", absl::StrCat(R"("created_at": )", time, R"(, "refs":)")},
       {R"("fqn": ["shop", "codes"],)",
        absl::StrCat(R"("fqn": ["shop", "codes"], "columns": {"a": {}},
          "created_at": )",
                     time, ",\"constraints\": [],")},
       {R"("macro_sql":)",
        absl::StrCat(R"("created_at": )", time, R"(,"macro_sql":)")}});
}

// Whether reading `text` alone and beside `base` gives the same; a test failure
// where not. `taken` is whether the base was of use.
void ExpectSame(absl::string_view text, const ManifestPtr& base, bool* taken) {
  *taken =
      ParseBeside(base, Text::Copy(text), "digest", ParseOptions()) != nullptr;
  const auto alone = ParseManifest(Text::Copy(text), "digest");
  const auto beside = ParseManifest(Text::Copy(text), "digest", {}, base);
  ASSERT_EQ(beside.status(), alone.status()) << text;
  if (!alone.ok()) return;
  ASSERT_EQ(Describe(**beside), Describe(**alone)) << text;
}

void ExpectTaken(absl::string_view text, const ManifestPtr& base) {
  bool taken = false;
  ExpectSame(text, base, &taken);
  EXPECT_TRUE(taken) << text;
}

void ExpectAlone(absl::string_view text, const ManifestPtr& base) {
  bool taken = false;
  ExpectSame(text, base, &taken);
  EXPECT_FALSE(taken) << text;
}

TEST(BaseReaderTest, TimesMayDiffer) {
  const ManifestPtr base = MustParse(TimedManifest("1700000000.25"));
  EXPECT_NE(NodeOf(*base, "seed.shop.codes").created_at, 0u);
  for (const char* time : {"1700000000.25", "1", "-0.5", "1700000000.123456789",
                           "17e8", "12345678901234567890123"}) {
    ExpectTaken(TimedManifest(time), base);
  }
  for (const char* time : {"", "01", "1.", "1e", "--1", "1 2", "1,2", "1x"}) {
    ExpectAlone(TimedManifest(time), base);
  }
  for (const char* time : {"null", "\"now\"", "[1]", "{}"}) {
    ExpectTaken(TimedManifest(time), base);
  }
}

TEST(BaseReaderTest, WhatIsNewIsRead) {
  const std::string text = TimedManifest("1");
  const ManifestPtr base = MustParse(text);
  const auto with = [&](absl::string_view from, absl::string_view to) {
    const std::string changed = absl::StrReplaceAll(text, {{from, to}});
    EXPECT_NE(changed, text) << from;
    return changed;
  };
  ExpectTaken(with("select 2", "select 3"), base);
  ExpectTaken(with("100{%", "1000{%"), base);
  ExpectTaken(with("model.shop.stg\"", "model.shop.new\""), base);
  ExpectTaken(with("\"parent_map\": {}", "\"parent_map\": {\"a\": [\"b\"]}"),
              base);
  ExpectTaken(with("tag:daily", "tag:hourly"), base);
  ExpectTaken(with("model.shop.old", "model.shop.older"), base);
  ExpectTaken(with("\"1.2.3\"", "\"1.2.4\""), base);
}

TEST(BaseReaderTest, OnlyTheTimeOfTheNodeItselfMayDiffer) {
  const auto nodes = [](int time) {
    return ManifestOf(
        absl::StrCat(R"({"model.p.a": {"config": {"created_at": )", time, R"(},
           "description": "\"created_at\": )",
                     time, R"("}})"));
  };
  const ManifestPtr base = MustParse(nodes(1));
  ExpectTaken(nodes(2), base);
  EXPECT_NE(Describe(*MustParse(nodes(2))), Describe(*base));
}

TEST(BaseReaderTest, NodesMayMoveAndGo) {
  const auto model = [](absl::string_view id, absl::string_view parent) {
    return absl::StrCat("\"", id, R"(": {"name": "x", "created_at": 5,
      "columns": {"c": {}}, "depends_on": {"nodes": [)",
                        parent, "]}}");
  };
  const std::string a = model("model.p.a", "");
  const std::string b = model("model.p.b", "\"model.p.a\"");
  const std::string c = model("model.p.c", "\"model.p.b\", \"model.p.a\"");
  const auto nodes = [](absl::string_view first, absl::string_view second,
                        absl::string_view third) {
    return ManifestOf(absl::StrCat("{", first, ",", second, ",", third, "}"));
  };
  const ManifestPtr base = MustParse(nodes(a, b, c));
  ExpectTaken(nodes(c, a, b), base);
  ExpectTaken(nodes(b, model("model.p.aa", ""), a), base);
  // Twice the same id, of which the later counts.
  ExpectTaken(nodes(a, absl::StrReplaceAll(a, {{"\"x\"", "\"y\""}}), b), base);
  // A parent that is gone is a finding, whose place in a list must be right.
  ExpectAlone(nodes(c, a, model("model.p.aa", "")), base);
  // In another section the same bytes say something else.
  ExpectTaken(ManifestOf(absl::StrCat("{", a, "}"),
                         absl::StrCat("\"sources\": {", b, "}")),
              base);
}

TEST(BaseReaderTest, ABaseWithUnknownMacrosIsOfNoUse) {
  ExpectAlone(SmallManifest(12), MustParse(SmallManifest(12)));
}

TEST(BaseReaderTest, NothingWrittenMakesADifference) {
  const ManifestPtr base = MustParse(TimedManifest("1700000000.25"));
  const std::string whole = TimedManifest("1700000001.5");
  Mutator mutator(1);
  int taken_times = 0;
  for (int i = 0; i < 6000 && !HasFatalFailure(); ++i) {
    bool taken = false;
    ExpectSame(mutator.Mutate(whole), base, &taken);
    taken_times += taken;
  }
  // Both happen, or the mutations are no test.
  EXPECT_GT(taken_times, 300);
  EXPECT_LT(taken_times, 5000);
}

TEST(BaseReaderTest, DepthIsLimitedAsWithoutABase) {
  const auto deep = [](int depth) {
    return ManifestOf(absl::StrCat(R"({"model.p.a": {"meta": )",
                                   std::string(depth, '['),
                                   std::string(depth, ']'), "}}"));
  };
  const ManifestPtr base = MustParse(ManifestOf("{}"));
  for (int depth : {200, 252, 253, 254, 300}) {
    bool taken = false;
    ExpectSame(deep(depth), base, &taken);
  }
}

TEST(BaseReaderTest, TheGraphOutlivesItsBase) {
  ManifestPtr base = MustParse(TimedManifest("1"));
  const auto beside =
      ParseManifest(Text::Copy(TimedManifest("2")), "digest", {}, base);
  ASSERT_TRUE(beside.ok());
  base.reset();
  EXPECT_EQ(Describe(**beside), Describe(*MustParse(TimedManifest("2"))));
}

TEST(BaseReaderTest, LooksAtTheFirstNode) {
  const std::string nodes = R"("nodes": {"model.p.a": {"schema": "prod")";
  const std::string other = R"("nodes": {"model.p.a": {"schema": "dev")";
  EXPECT_TRUE(LooksLike("{\"metadata\": 1, " + nodes, "{" + nodes));
  EXPECT_FALSE(LooksLike("{" + nodes, "{" + other));
  EXPECT_FALSE(LooksLike("{}", "{}"));
}

}  // namespace
}  // namespace doppel::manifest
