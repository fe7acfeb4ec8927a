// Policies of several files, which are in memory here: what they mean together, and what is said of those that are
// wrong.
#include <doctest/doctest.h>

#include <fmt/format.h>
#include <map>
#include <string>
#include <vector>

#include "engine/base/digest.hpp"
#include "engine/model/inventory.hpp"
#include "engine/plan/contradictions.hpp"
#include "engine/plan/desire.hpp"
#include "engine/policy/policy_document.hpp"

namespace fairway::included_files_test {
namespace {

using Files = std::map<std::string, std::string>;

std::string rule(const std::string& id, const std::string& want = "migration.enabled: true") {
    return fmt::format("  - {{id: {}, why: w, on: hosts, want: {{{}}}}}\n", id, want);
}

std::string exception(const std::string& host, const std::string& more = "") {
    return fmt::format(
        "  - {{host: {}, setting: migration.enabled, owner: o, reason: r, until: 2030-01-01T00:00:00Z{}}}\n", host,
        more);
}

// A policy with what stands behind its first three lines.
Checked<Policy> load(const std::string& rest, const Files& files, std::vector<std::string>* asked = nullptr) {
    return load_policy("policy: p\nowner: o\nwhy: w\n" + rest, "conf/p.yaml",
                       [&](const std::string& file) -> Result<std::string> {
                           if (asked) asked->push_back(file);
                           const auto it = files.find(file);
                           if (it == files.end()) return fail(Code::bad_input, "cannot read " + file);
                           return it->second;
                       });
}

std::vector<std::string> lines(const Diagnostics& diagnostics) {
    std::vector<std::string> out;
    for (const Diagnostic& d : diagnostics)
        out.push_back(fmt::format("{}:{}:{}: {}", d.file, d.place.line, d.place.column, d.text));
    return out;
}

std::vector<std::string> said(const std::string& rest, const Files& files) {
    const auto policy = load(rest, files);
    return policy ? std::vector<std::string>() : lines(policy.error());
}

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "included: rules and exceptions of all files are one policy, the policy's own first, and each place has its file") {
    const Files files = {
        {"conf/rules/b.yaml", "rules:\n" + rule("b") + "exceptions:\n" + exception("HV02", ", rule: a")},
        {"conf/a.yaml", "rules:\n" + rule("a")}};
    std::vector<std::string> asked;
    const auto policy = load(
        "include: [rules/b.yaml, ./a.yaml]\nrules:\n" + rule("own") + "exceptions:\n" + exception("HV01", ", rule: b"),
        files, &asked);
    REQUIRE(policy);
    CHECK(asked == Said{"conf/rules/b.yaml", "conf/a.yaml"});
    REQUIRE(policy->rules.size() == 3);
    const auto place = [&](Place where) { return fmt::format("{}:{}", policy->file_of(where), where.line); };
    CHECK(policy->rules[0].id == "own");
    CHECK(place(policy->rules[0].where) == "conf/p.yaml:6");
    CHECK(policy->rules[1].id == "b");
    CHECK(place(policy->rules[1].where) == "conf/rules/b.yaml:2");
    CHECK(place(policy->rules[2].wants.at(0).where) == "conf/a.yaml:2");
    REQUIRE(policy->exceptions.size() == 2);
    CHECK(place(policy->exceptions[0].where) == "conf/p.yaml:8");
    CHECK(place(policy->exceptions[1].where) == "conf/rules/b.yaml:4");
}

TEST_CASE("included: a policy may have all of its rules from others") {
    CHECK(said("include: [a.yaml]\n", {{"conf/a.yaml", "rules:\n" + rule("a")}}).empty());
    CHECK(said("include: [a.yaml]\n", {{"conf/a.yaml", "exceptions:\n" + exception("HV01")}}) ==
          Said{"conf/p.yaml:4:1: none of these files has a rule, and the policy has none itself",
               "conf/a.yaml:2:27: the exception for HV01 covers nothing: no rule wants `migration.enabled`"});
    CHECK(said("", {}) == Said{"conf/p.yaml:1:1: the policy has no rules: `rules` is required (a list of rules)"});
}

TEST_CASE("included: the digest is of all files and of their order, and without any it is the policy's own") {
    const std::string a = "rules:\n" + rule("a"), b = "rules:\n" + rule("b"), both = "include: [a.yaml, b.yaml]\n";
    const auto digest = [&](const std::string& rest, const Files& files) {
        const auto policy = load(rest, files);
        REQUIRE(policy);
        return policy->digest;
    };
    const std::string first = digest(both, {{"conf/a.yaml", a}, {"conf/b.yaml", b}});
    CHECK(digest(both, {{"conf/a.yaml", a}, {"conf/b.yaml", b}}) == first);
    CHECK(digest(both, {{"conf/a.yaml", a}, {"conf/b.yaml", b + "# a line\n"}}) != first);
    CHECK(digest(both, {{"conf/a.yaml", b}, {"conf/b.yaml", a}}) != first);
    CHECK(digest("include: [b.yaml, a.yaml]\n", {{"conf/a.yaml", a}, {"conf/b.yaml", b}}) != first);
    CHECK(digest(a, {}) == sha256("policy: p\nowner: o\nwhy: w\n" + a));
    const auto policy = load(both, {{"conf/a.yaml", a}, {"conf/b.yaml", b}});
    REQUIRE(policy->included.size() == 2);
    CHECK(policy->included[1].file == "conf/b.yaml");
    CHECK(policy->included[1].digest == sha256(b));
}

TEST_CASE("included: what one file says twice names both places") {
    const Files files = {{"conf/a.yaml", "rules:\n" + rule("r")}, {"conf/b.yaml", "\nrules:\n" + rule("r")}};
    CHECK(said("include: [a.yaml, b.yaml]\n", files) ==
          Said{"conf/b.yaml:3:10: rule `r` is here twice; first in conf/a.yaml:2"});
    CHECK(said("include: [a.yaml]\nrules:\n" + rule("s") + rule("s"), files) ==
          Said{"conf/p.yaml:7:10: rule `s` is here twice; first in line 6"});
    CHECK(said("rules:\n" + rule("r") + "exceptions:\n" + exception("HV01") + "include: [a.yaml]\n",
               {{"conf/a.yaml", "exceptions:\n" + exception("hv01")}}) ==
          Said{"conf/a.yaml:2:5: a second exception for hv01 and `migration.enabled`; the first is in conf/p.yaml:7"});
}

TEST_CASE("included: files that are not to be had, and names that are none") {
    const Files files = {{"conf/a.yaml", "rules:\n" + rule("a")}};
    const std::string below = ": name a file in the folder of this one or in one below it, as in rules/common.yaml";
    const std::string of = "conf/p.yaml:4:11: ";
    for (const auto& [names, words] : std::map<std::string, std::string>{
             {"[none.yaml]", of + "cannot read conf/none.yaml"},
             {"[/etc/passwd]", of + "`/etc/passwd` begins at the root" + below},
             {"[../a.yaml]", of + "`../a.yaml` leads out of the folder" + below},
             {"[x/../../a.yaml]", of + "`x/../../a.yaml` leads out of the folder" + below},
             {"[rules/]", of + "`rules/` names no file"},
             {"[p.yaml]", of + "the policy includes itself"},
             {"[./p.yaml]", of + "the policy includes itself"},
             {"[]", "conf/p.yaml:4:10: `include` is empty: leave it out"},
             {"a.yaml", "conf/p.yaml:4:10: `include` must be a list of files, not a plain value"},
             {"[{a: b}]", of + "an element of `include` must be the name of a file in the policy's folder or in one "
                               "below it, not a map"}}) {
        CAPTURE(names);
        CHECK(said("include: " + names + "\nrules:\n" + rule("own"), files) == Said{words});
    }
    CHECK(said("include:\n  - a.yaml\n  - x//../a.yaml\n  - .//a.yaml\n", files) ==
          Said{"conf/p.yaml:6:5: `x//../a.yaml` leads out of the folder" + below,
               "conf/p.yaml:7:5: conf/a.yaml is included twice; first in line 5"});
}

TEST_CASE("included: a rule that may be in a file that is missing is not called unknown") {
    CHECK(said("include: [none.yaml]\nexceptions:\n" + exception("HV01", ", rule: r"), {}) ==
          Said{"conf/p.yaml:4:11: cannot read conf/none.yaml"});
    CHECK(said("include: [a.yaml]\nexceptions:\n" + exception("HV01", ", rule: r"),
               {{"conf/a.yaml", "rules:\n" + rule("a")}}) ==
          Said{"conf/p.yaml:6:102: unknown rule `r` in the exception for HV01"});
}

TEST_CASE("included: what tells how one policy is carried out is the policy's own, and lists are flat") {
    const std::string a = "rules:\n" + rule("a");
    const auto of = [&](const std::string& more) { return said("include: [a.yaml]\n", {{"conf/a.yaml", more}}); };
    for (const char* key : {"policy", "owner", "why", "rollout", "verify"})
        CHECK(of(fmt::format("{}: x\n", key) + a) ==
              Said{fmt::format("conf/a.yaml:1:1: `{}` belongs in the policy itself: an included file has `rules` and "
                               "`exceptions` alone",
                               key)});
    CHECK(of("include: [a.yaml]\n" + a) == Said{"conf/a.yaml:1:1: an included file includes no other: name that one in "
                                                "the `include` of the policy"});
    CHECK(of("ruels: []\n").front() == "conf/a.yaml:1:1: unknown key `ruels` in the included file");
    CHECK(of("").front() ==
          "conf/a.yaml:0:0: the included file is empty: it must be a map with `rules` or `exceptions`");
    CHECK(of("{}").front() == "conf/a.yaml:1:1: the included file has neither `rules` nor `exceptions`");
    CHECK(of("rules: [\n").front().starts_with("conf/a.yaml:"));
    CHECK(of("rules:\n" + rule("a", "migration.enabled: yes")).front().starts_with("conf/a.yaml:2:"));
}

TEST_CASE("included: mistakes of all files are told, file by file") {
    CHECK(said("include: [a.yaml, b.yaml]\nrules: 3\n", {{"conf/a.yaml", "x: 1\nrules: 4\n"}, {"conf/b.yaml", "{"}})
              .size() == 4);
    const Said all =
        said("include: [b.yaml, a.yaml]\nrules: 3\n", {{"conf/a.yaml", "rules: 4\n"}, {"conf/b.yaml", "rules: 5\n"}});
    REQUIRE(all.size() == 3);
    CHECK(all[0].starts_with("conf/p.yaml:5:8:"));
    CHECK(all[1].starts_with("conf/b.yaml:1:8:"));
    CHECK(all[2].starts_with("conf/a.yaml:1:8:"));
}

TEST_CASE("included: how many and how large they may be") {
    std::string names = "include:\n";
    Files files;
    for (int i = 1; i <= 33; ++i) {
        if (i == 33) CHECK(load(names, files));
        names += fmt::format("  - {}.yaml\n", i);
        files[fmt::format("conf/{}.yaml", i)] = "rules:\n" + rule(fmt::format("r{}", i));
    }
    CHECK(said(names, files) == Said{"conf/p.yaml:4:1: a policy includes up to 32 files"});
    const std::string large = "rules:\n" + rule("a") + std::string(3u << 20, '\n'),
                      other = "rules:\n" + rule("b") + std::string(3u << 20, '\n');
    std::vector<std::string> asked;
    const auto policy =
        load("include: [a.yaml, b.yaml, c.yaml]\n", {{"conf/a.yaml", large}, {"conf/b.yaml", other}}, &asked);
    REQUIRE_FALSE(policy);
    CHECK(lines(policy.error()) ==
          Said{"conf/p.yaml:4:19: the policy and the files up to this one are larger than 4194304 "
               "bytes together"});
    CHECK(asked.size() == 2);
}

TEST_CASE("included: a policy that is in no file of a folder includes nothing") {
    const auto policy = load_policy("policy: p\nowner: o\nwhy: w\ninclude: [a.yaml]\n", "/dev/stdin");
    REQUIRE_FALSE(policy);
    CHECK(lines(policy.error()) ==
          Said{"/dev/stdin:4:1: files are looked for in the folder of the policy, and this policy "
               "is in no file of a folder: put it into one"});
}

TEST_CASE("included: what is seen when a policy is bound names the file too") {
    const auto clash = load("include: [a.yaml, b.yaml]\n",
                            {{"conf/a.yaml", "rules:\n" + rule("a", "migration.max_live: {at_least: 4}")},
                             {"conf/b.yaml", "rules:\n" + rule("b", "migration.max_live: {at_most: 3}") +
                                                 rule("c", "migration.max_live: {at_least: 3, at_most: 2}")}});
    REQUIRE(clash);
    const Said alone = lines(contradictions(*clash));
    REQUIRE(alone.size() == 1);
    CHECK(alone[0].starts_with("conf/b.yaml:3:"));
    Inventory inventory;
    inventory.file = "i.yaml";
    inventory.hosts.emplace_back().name = "HV01";
    const auto bound = desire(*clash, inventory, 0);
    REQUIRE_FALSE(bound);
    const Said all = lines(bound.error());
    REQUIRE(all.size() >= 2);
    CHECK(all[0].starts_with("conf/b.yaml:2:"));
    CHECK(all[0].find("but rule `a` (conf/a.yaml:2) wants") != std::string::npos);
}

}  // namespace fairway::included_files_test
