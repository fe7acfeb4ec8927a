// When does a premise hold, and what is said and with which code does a run end where it does not?
#include "engine/plan/premises.hpp"

#include <algorithm>
#include <doctest/doctest.h>

#include "engine/model/account_facts.hpp"
#include "engine/model/host_facts.hpp"
#include "tests/sample.hpp"

namespace fairway::premises_test {

TEST_CASE("premises: what must hold, row by row") {
    struct Row {
        const Setting* fact;
        Held holds;
        Reading now;
        std::optional<Code> code;  // empty: it holds
        const char* says;
    };
    const auto set = [](std::vector<std::string> all) { return Held(Value(Set(all))); };
    const auto word = [](const char* text) { return Held(Value(std::string(text))); };
    const auto number = [](std::int64_t n) { return Held(Value(n)); };
    const Row rows[] = {
        {&setting::delegation_vanished, set({"cifs/A"}), set({"CIFS/a", "cifs/b"}), {}, ""},
        {&setting::delegation_vanished, set({"cifs/A", "cifs/B"}), set({"cifs/b"}), Code::stale,
         "computer HV01: the plan takes as gone what is somebody's again: cifs/A"},
        {&setting::host_cluster, {}, Held(), {}, ""},
        {&setting::host_cluster, {}, word("CLU1"), Code::stale, "host HV01: the cluster CLU1 sets this value now"},
        {&setting::host_running_migrations, number(0), number(0), {}, ""},
        {&setting::host_running_migrations, number(0), Held(), {}, ""},
        {&setting::host_running_migrations, number(0), number(2), Code::refused, "migrations are running (2)"},
        {&setting::account_sid, word("S-1-5-1"), word("S-1-5-1"), {}, ""},
        {&setting::account_sid, word("S-1-5-1"), word("S-1-5-2"), Code::stale,
         "belongs to another account now (S-1-5-2"},
        {&setting::account_sid, word("S-1-5-1"), Held(), Code::stale, "(none;"},
        {&setting::account_own_names, set({"cifs/A"}), set({"cifs/a", "cifs/B"}), {}, ""},
        {&setting::account_own_names, set({"cifs/A"}), set({}), Code::stale, "`fairway spn HV01` shows who holds it"},
        {&setting::account_uncontested_names, set({"cifs/A"}), set({"cifs/A"}), {}, ""},
        {&setting::account_uncontested_names, set({"cifs/A"}), set({}), Code::stale, "somebody else holds cifs/A now"},
        {&setting::account_sid, word("S-1-5-1"), fail(Code::denied, "hidden"), Code::denied,
         "unknown whether the account is the one that the plan was made for: hidden"},
    };
    for (const Row& row : rows) {
        INFO(row.fact->name << " " << row.says);
        const auto error = broken(premise("HV01", *row.fact, row.holds), row.now);
        REQUIRE(error.has_value() == row.code.has_value());
        if (!error) continue;
        CHECK(error->code == *row.code);
        CHECK_MESSAGE(error->text.find(row.says) != std::string::npos, error->text);
    }
    for (const Setting* fact : premise_facts())
        for (const bool holds : {true, false})
            CHECK_MESSAGE(
                std::any_of(std::begin(rows), std::end(rows),
                            [&](const Row& row) { return row.fact == fact && row.code.has_value() != holds; }),
                fact->name, " lacks a row above that ", std::string(holds ? "holds" : "is broken"));
}

}  // namespace fairway::premises_test
