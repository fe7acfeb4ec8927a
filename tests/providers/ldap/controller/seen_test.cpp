// What a run reads again: is it what a reader without memory reads, with how few requests, and what does a write go by?
#include "providers/ldap/controller/seen.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "providers/ldap/handles.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::seen_test {

namespace {

const std::string delegation = "msDS-AllowedToDelegateTo";
using Attributes = std::vector<std::string>;

// A reader and a writer of one run, at one controller.
struct Both {
    Server server;
    std::vector<Address> asked;
    Domain<ReadWire> from = domain_at<ReadWire>(server);
    Domain<Wire> to = domain_at<Wire>(server);
    DirectoryReader reader{Domains<ReadWire>({from})};
    DirectoryWriter writer{Domains<Wire>({with(from.seen, to)})};

    explicit Both(std::size_t hosts, bool keep = true) {
        if (keep) from.seen->keep();
        for (std::size_t i = 0; i < hosts; ++i) {
            const std::string host = fmt::format("HV{:03}", i);
            server.add_computer(host, {{delegation, {"cifs/" + host}}});
            asked.push_back({host, &setting::delegation_services});
            asked.push_back({host, &setting::delegation_unconstrained});
        }
    }
    static Domain<Wire> with(const std::shared_ptr<Seen>& seen, Domain<Wire> domain) {
        domain.seen = seen;
        return domain;
    }
    // What a reader that knows nothing reads.
    std::map<Address, Reading> anew() {
        return DirectoryReader(Domains<ReadWire>({domain_at<ReadWire>(server)})).read(asked).readings;
    }
    std::size_t requests_of(const std::function<void()>& what) {
        const std::size_t before = reader.requests() + writer.requests();
        what();
        return reader.requests() + writer.requests() - before;
    }
    Result<void> write(const std::string& host, Set before, Set after) {
        return writer.write({host, &setting::delegation_services}, std::move(before), std::move(after));
    }
};

bool same(const std::map<Address, Reading>& a, const std::map<Address, Reading>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.has_value() == y.second.has_value() &&
               (x.second ? *x.second == *y.second : x.second.error().code == y.second.error().code);
    });
}

}  // namespace

TEST_CASE("seen: what is read again is asked for by its number of changes, and a write after it asks nothing") {
    Both run(60);
    const auto first = run.reader.read(run.asked).readings;
    CHECK(run.reader.requests() == 2);
    std::vector<Attributes> attributes;
    run.server.before_search = [&](const Search& search) { attributes.push_back(search.attributes); };
    CHECK(run.requests_of([&] { CHECK(same(run.reader.read(run.asked).readings, first)); }) == 2);
    for (const Attributes& asked : attributes) CHECK(asked == Attributes{"sAMAccountName", "uSNChanged"});
    // Another administrator changes one: that one is read whole.
    run.server.computer("HV007")[delegation].push_back("cifs/theirs");
    run.server.touch(run.server.computer("HV007"));
    CHECK(run.requests_of([&] {
        CHECK(*run.reader.read(run.asked).at({"HV007", &setting::delegation_services}) ==
              Held(Set({"cifs/HV007", "cifs/theirs"})));
    }) == 3);
    CHECK(run.requests_of([&] { CHECK(run.write("HV008", Set(), Set({"cifs/ours"}))); }) == 1);
    CHECK(run.server.computer("HV008")[delegation] == std::vector<std::string>{"cifs/HV008", "cifs/ours"});
    // What was written is read whole at once, together with nothing else.
    attributes.clear();
    const std::vector<Address> back = {{"HV008", &setting::delegation_services}};
    CHECK(run.requests_of([&] {
        CHECK(*run.reader.read(back).at(back[0]) == Held(Set({"cifs/HV008", "cifs/ours"})));
    }) == 1);
    CHECK(attributes.at(0).front() == delegation);
}

TEST_CASE("seen: a write that goes by what was read overwrites nobody, and the next reading is not the old one") {
    Both run(2);
    run.reader.read(run.asked);
    run.server.computer("HV000")[delegation] = {"cifs/theirs"};
    run.server.touch(run.server.computer("HV000"));
    CHECK(run.write("HV000", Set({"cifs/HV000"}), Set()).error().code == Code::stale);
    CHECK(run.server.computer("HV000")[delegation] == std::vector<std::string>{"cifs/theirs"});
    CHECK(same(run.reader.read(run.asked).readings, run.anew()));
    CHECK(run.write("HV000", Set({"cifs/theirs"}), Set()));
    CHECK(same(run.reader.read(run.asked).readings, run.anew()));
}

TEST_CASE("seen: a command that only reads, a new connection and more attributes read everything") {
    Both only_reads(60, false);
    only_reads.reader.read(only_reads.asked);
    CHECK(only_reads.requests_of([&] { CHECK(only_reads.write("HV001", Set(), Set({"cifs/ours"}))); }) == 2);
    Both run(3);
    run.reader.read(run.asked);
    run.server.cut_after = run.server.requests + 1;
    run.server.computer("HV001")[delegation] = {"older"};  // the server's older state, and no new number
    const auto after_the_cut = run.reader.read(run.asked).readings;
    CHECK(same(after_the_cut, run.anew()));
    Both more(3);
    more.reader.read(more.asked);
    std::vector<Attributes> attributes;
    more.server.before_search = [&](const Search& search) { attributes.push_back(search.attributes); };
    CHECK(more.reader.read(std::vector<Address>{{"HV001", &setting::account_dns_name}}).readings.size() == 1);
    CHECK(attributes.at(0).front() == "dNSHostName");
}

TEST_CASE("seen: whatever others do between two readings, it reads what a reader without memory reads") {
    std::mt19937 random(7);
    const auto below = [&](std::size_t most) { return random() % most; };
    for (int world = 0; world < 60; ++world) {
        Both run(5);
        for (int step = 0; step < 12; ++step) {
            const std::string host = fmt::format("HV{:03}", below(5)), dn = "CN=" + host + ",DC=corp,DC=example";
            const bool there = run.server.objects.contains(dn);
            switch (below(6)) {
                case 0:
                    if (there) run.server.touch(run.server.computer(host));
                    break;
                case 1:
                    if (!there) break;
                    run.server.computer(host)[delegation] = {fmt::format("cifs/{}", below(9))};
                    run.server.touch(run.server.computer(host));
                    break;
                case 2:
                    if (there) run.server.remove(dn);
                    break;
                case 3:
                    if (!there) run.server.add_computer(host, {{delegation, {"cifs/new"}}});
                    break;
                case 4:  // a unit is renamed: other names, the same numbers
                    if (!there) break;
                    run.server.objects["CN=" + host + ",OU=moved,DC=corp,DC=example"] = run.server.computer(host);
                    run.server.objects.erase(dn);
                    break;
                default: (void)run.write(host, Set(), Set({fmt::format("cifs/{}", below(9))}));
            }
            CHECK(same(run.reader.read(run.asked).readings, run.anew()));
        }
    }
}

TEST_CASE("seen: it keeps so much and no more, and no errors") {
    Seen seen;
    const Attributes attributes = {delegation};
    const auto big = [&](std::size_t bytes) {
        return Seen::Known{Account{"CN=x", "x$", "7", {{delegation, {std::string(bytes, 'x')}}}}, {}};
    };
    seen.note("A", attributes, big(10));
    CHECK_FALSE(seen.find("A", attributes));  // nobody writes
    seen.keep();
    seen.note("A", attributes, big(10u << 20));
    seen.note("B", attributes, big(10u << 20));
    CHECK(seen.find("A", attributes));
    CHECK_FALSE(seen.find("B", attributes));
    seen.note("A", attributes, {fail(Code::not_found, "gone"), {}});
    CHECK_FALSE(seen.find("A", attributes));
    seen.note("B", attributes, big(10u << 20));
    CHECK(seen.find("B", attributes));
    CHECK_FALSE(seen.find("B", Attributes{"dNSHostName", delegation}));
    CHECK(seen.unchanged("B", "CN=x", "8") == nullptr);
    CHECK_FALSE(seen.find("B", attributes));
    seen.note("B", attributes, {Account{"CN=x", "x$", "", {}}, {}});  // the number is hidden from us
    CHECK_FALSE(seen.find("B", attributes));
}

}  // namespace fairway::ldap::seen_test
