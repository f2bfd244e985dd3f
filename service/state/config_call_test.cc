#include "service/state/config_call.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"

namespace doppel::state {
namespace {

using Values = std::map<std::string, std::string>;

TEST(ParseConfigCallTest, FindsTheFirstCall) {
  EXPECT_EQ(ParseConfigCall("select 1"), Values());
  EXPECT_EQ(ParseConfigCall("{{ config(a='x') }} {{ config(a='y') }}"),
            (Values{{"a", "x"}}));
  EXPECT_EQ(ParseConfigCall("{% set c = config(a='x') %}"),
            (Values{{"a", "x"}}));
  EXPECT_EQ(ParseConfigCall("{{- this.config(a='x') -}}"), Values());
}

TEST(ParseConfigCallTest, PassesOverCommentsRawBlocksAndSql) {
  EXPECT_EQ(ParseConfigCall("{# config(a='x') #} -- config(a='y')\n"
                            "{% raw %}{{ config(a='z') }}{% endraw %}"
                            "{{ config(a='w') }}"),
            (Values{{"a", "w"}}));
}

TEST(ParseConfigCallTest, SpellsExpressionsAsDbtDoes) {
  struct Row {
    std::string written, spelled;
  };
  // The right column is what dbt 1.12.6 makes of the left one.
  const Row rows[] = {
      {"'view'", "view"},
      {"'a' 'b'", "ab"},
      {"true", "True"},
      {"none", "None"},
      {"['a',\"b'c\"]", "['a', \"b'c\"]"},
      {"{'k':1,}", "{'k': 1}"},
      {"(1,)", "(1,)"},
      {"(1)", "1"},
      {"-1.50", "-1.5"},
      {"0x10", "16"},
      {"env_var('A',\"b\")", "env_var('A', 'b')"},
      {"f(1,k=2,*a,**b)", "f(1, k=2, *a, **b)"},
      {"target.name=='prod' and not x", "target.name == 'prod' and not x"},
      {"a['b'].c", "a['b'].c"},
      {"'x'~y", "'x' ~ y"},
      {"a not in b", "a not in b"},
      {"1+2", "Add(left=Const(value=1), right=Const(value=2))"},
      {"'a' if b else 'c'",
       "CondExpr(test=Name(name='b', ctx='load'), expr1=Const(value='a'), "
       "expr2=Const(value='c'))"},
      {"a|lower",
       "Filter(node=Name(name='a', ctx='load'), name='lower', args=[], "
       "kwargs=[], dyn_args=None, dyn_kwargs=None)"},
      {"a is not none",
       "not Test(node=Name(name='a', ctx='load'), name='none', args=[], "
       "kwargs=[], dyn_args=None, dyn_kwargs=None)"},
      {"'it\\'s\\n'", "it's\n"},
      {"'a\r\nb'", "a\nb"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(
        ParseConfigCall(absl::StrCat("{{ config(k=", row.written, ") }}")),
        (Values{{"k", row.spelled}}))
        << row.written;
  }
}

TEST(ParseConfigCallTest, IgnoresWhatIsNotJinja) {
  EXPECT_EQ(ParseConfigCall("{{ config(a='x"), Values());
  EXPECT_EQ(ParseConfigCall("{{ config(a=) }}"), Values());
  EXPECT_EQ(ParseConfigCall("{{ config(a=1)) }}"), Values());
  EXPECT_EQ(ParseConfigCall(
                absl::StrCat("{{ config(a=", std::string(100000, '('), ") }}")),
            Values());
  EXPECT_EQ(ParseConfigCall(absl::StrCat(
                "{{ config(a=", std::string(100000, '-'), "1) }}")),
            Values());
}

}  // namespace
}  // namespace doppel::state
