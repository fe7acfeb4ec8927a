// See junit.hpp.
#include "engine/forms/junit.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "engine/forms/fields.hpp"
#include "engine/forms/markup.hpp"

namespace fairway::forms {
namespace {

enum class Ending { passed, failure, error, skipped };

struct TestCase {
    std::string name;
    Ending ending = Ending::passed;
    std::string type, message;  // of one that did not pass
};

struct Suite {
    std::string name;
    std::vector<TestCase> cases;
    std::size_t count(Ending ending) const {
        return static_cast<std::size_t>(
            std::count_if(cases.begin(), cases.end(), [&](const TestCase& one) { return one.ending == ending; }));
    }
};

Ending ending_of(const std::string& verdict) {
    if (verdict == "compliant") return Ending::passed;
    if (verdict == "excepted" || verdict == "absent") return Ending::skipped;
    return verdict == "unreadable" || verdict == "unknown" ? Ending::error : Ending::failure;
}

// Those of the hosts, each in the place where its first finding stands.
void add_findings(std::vector<Suite>& to, const Json& result) {
    std::map<std::string, std::size_t> places;
    for (const Json& one : part_of(result, "findings")) {
        const std::string host = text_of(one, "object"), verdict = text_of(one, "verdict");
        const auto [it, fresh] = places.try_emplace(host, to.size());
        if (fresh) to.push_back({host, {}});
        to[it->second].cases.push_back({fmt::format("{} ({})", text_of(one, "setting"), text_of(one, "rule")),
                                        ending_of(verdict), verdict == "drifted" ? text_of(one, "severity") : verdict,
                                        text_of(one, "because")});
    }
}

Suite audit_suite(const Json& result) {
    Suite out{fmt::format("estate {}", text_of(result, "estate")), {}};
    const Json* read = find(result, "all_read");
    out.cases.push_back({"everything was read", read && *read == Json(false) ? Ending::error : Ending::passed,
                         "unreadable", "not every value could be read"});
    for (const Json& one : part_of(result, "estate_findings"))
        out.cases.push_back({fmt::format("{} of {}", text_of(one, "fault"), text_of(one, "object")), Ending::failure,
                             text_of(one, "severity"), text_of(one, "because")});
    return out;
}

Suite verify_suite(const Json& result) {
    Suite out{fmt::format("run {}", text_of(result, "run")), {}};
    const std::int64_t done = number_of(result, "done"), changes = number_of(result, "changes");
    out.cases.push_back({"every change was made", done == changes ? Ending::passed : Ending::failure, "left out",
                         fmt::format("{} of {} changes were made", done, changes)});
    const Json& by = part_of(result, "rolled_back_by");
    out.cases.push_back({"it was not rolled back", by.empty() ? Ending::passed : Ending::failure, "rolled back",
                         "it was rolled back by " + value_words(by)});
    if (const Json& replication = part_of(result, "replication"); !replication.empty())
        out.cases.push_back({"all domain controllers have its changes",
                             is_set(replication, "converged") ? Ending::passed : Ending::failure, "replication",
                             "not all domain controllers have them yet"});
    for (const Json& one : part_of(result, "trials"))
        out.cases.push_back({fmt::format("trial move of {} from {} to {}", text_of(one, "vm"), text_of(one, "from"),
                                         text_of(one, "to")),
                             is_set(one, "moved") ? Ending::passed : Ending::failure, text_of(one, "stage"),
                             text_of(one, "error")});
    return out;
}

// A suite of the names that each host needs, and one of what else is wrong with names.
std::vector<Suite> name_suites(const Json& result) {
    const Json& names = part_of(result, "service_names");
    const Json& findings = part_of(names, "findings");
    std::map<std::string, std::string> why;
    for (const Json& finding : findings)
        for (const std::string& name : texts_of(part_of(finding, "names")))
            why.emplace(name, text_of(finding, "because"));
    std::set<std::string> told;
    std::vector<Suite> out;
    for (const Json& host : part_of(names, "hosts")) {
        Suite& suite = out.emplace_back(Suite{text_of(host, "host"), {}});
        for (const Json& one : part_of(host, "names")) {
            const std::string name = text_of(one, "name"), state = text_of(one, "state");
            const bool good = state == "registered" || state == "aliased";
            suite.cases.push_back({name, good ? Ending::passed : Ending::failure, state, good ? "" : why[name]});
            if (!good) told.insert(name);
        }
    }
    Suite& rest = out.emplace_back(Suite{"other names", {}});
    for (const Json& one : findings) {
        const auto of = texts_of(part_of(one, "names"));
        if (!of.empty() && std::all_of(of.begin(), of.end(), [&](const auto& name) { return told.contains(name); }))
            continue;
        rest.cases.push_back({fmt::format("{}: {}", text_of(one, "fault"), text::join(of, ", ")), Ending::failure,
                              text_of(one, "severity"), text_of(one, "because")});
    }
    if (rest.cases.empty()) rest.cases.push_back({"nothing else is wrong", Ending::passed, {}, {}});
    return out;
}

Suite error_suite(const Json& result) {
    const Json& error = part_of(result, "error");
    return {"fairway",
            {{fmt::format("fairway {}", text_of(result, "command")), Ending::error, text_of(error, "code"),
              text_of(error, "text")}}};
}

void print_case(std::string& to, const Suite& suite, const TestCase& one, const std::string& command) {
    to += fmt::format("    <testcase classname=\"fairway.{}.{}\" name=\"{}\"", escaped(command), escaped(suite.name),
                      escaped(one.name));
    switch (one.ending) {
        case Ending::passed: to += "/>\n"; return;
        case Ending::skipped: to += fmt::format("><skipped>{}</skipped></testcase>\n", escaped(one.message)); return;
        case Ending::failure:
        case Ending::error: break;
    }
    const char* const tag = one.ending == Ending::error ? "error" : "failure";
    to += fmt::format("><{0} type=\"{1}\" message=\"{2}\">{2}</{0}></testcase>\n", tag, escaped(one.type),
                      escaped(one.message));
}

}  // namespace

std::string junit(const Json& result) {
    const std::string command = text_of(result, "command");
    std::vector<Suite> suites;
    if (!part_of(result, "error").empty()) {
        suites.push_back(error_suite(result));
    } else if (command == "spn") {
        suites = name_suites(result);
    } else {
        suites.push_back(command == "verify" ? verify_suite(result) : audit_suite(result));
        add_findings(suites, result);
    }
    std::size_t tests = 0, failures = 0, errors = 0;
    std::string body;
    for (const Suite& suite : suites) {
        body += fmt::format(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" timestamp=\"{}\">\n",
            escaped(suite.name), suite.cases.size(), suite.count(Ending::failure), suite.count(Ending::error),
            suite.count(Ending::skipped), escaped(text_of(result, "time")));
        for (const TestCase& one : suite.cases) print_case(body, suite, one, command);
        body += "  </testsuite>\n";
        tests += suite.cases.size();
        failures += suite.count(Ending::failure);
        errors += suite.count(Ending::error);
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"fairway {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{}</testsuites>\n",
        escaped(command), tests, failures, errors, body);
}

}  // namespace fairway::forms
