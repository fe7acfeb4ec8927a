// What do ports, clocks, names, tickets and accounts mean for moves?
#include "engine/diagnosis/sights.hpp"

#include <algorithm>
#include <doctest/doctest.h>

namespace fairway::sights_test {

namespace {

using Of = AccountAsked::Of;
constexpr std::uint32_t unknown_service = 0x7;

HostSeen host(std::string name, bool destination, std::string address) {
    return {
        .host = name,
        .destination = destination,
        .ports = std::vector<PortSeen>{{5985, PortAnswer::open, address, {}}, {6600, PortAnswer::open, address, {}}},
        .name = NameSeen{{std::move(address)}, {}},
        .clock = ClockSeen{0, 50},
        .listening = std::set<std::uint16_t>{5985, 6600},
        .running = 0,
        .most_running = 2,
        .cluster = std::string(),
        .services = {}};
}

// HV01 to HV02, all well.
Sights all_well() {
    Sights out{.hosts = {host("HV01", false, "10.0.0.1"), host("HV02", true, "10.0.0.2")},
               .ways = {{"HV01", "HV02", std::vector<std::string>{"10.0.0.2"}},
                        {"HV02", "HV01", std::vector<std::string>{"10.0.0.1"}}},
               .controllers =
                   std::vector<ControllerSeen>{{"dc01", {{88, PortAnswer::open, "10.0.0.9", {}}}, ClockSeen{0, 1000}}},
               .accounts = {{Of::realm, "krbtgt", AccountSeen{.name = "krbtgt", .dn = {}, .disabled = true}}}};
    out.hosts[1].services = {{"cifs/HV02", TicketSeen{{}, "aes256-cts-hmac-sha1-96", {}}, HoldersSeen{}}};
    return out;
}

Diagnosis of(const Sights& sights, Diagnosis before = {}) { return with_sights(std::move(before), sights); }

std::string causes(const Diagnosis& diagnosis) {
    std::string out;
    for (const Cause& cause : diagnosis.causes)
        out += std::string(cause.row->id) + " " + std::string(name(cause.proof)) + " " + cause.from + " " + cause.to +
               " " + std::to_string(cause.evidence.size()) + "\n";
    return out;
}

Cause told(const char* id, Proof proof) {
    return {.row = &cause_row(id), .from = "HV01", .to = "HV02", .proof = proof, .evidence = {"an event"}};
}

}  // namespace

TEST_CASE("sights: where all is well there is no cause, and each thing that was looked at is a check") {
    const Diagnosis seen = of(all_well());
    CHECK(causes(seen).empty());
    CHECK(seen.checks.size() > 12);
    CHECK(std::all_of(seen.checks.begin(), seen.checks.end(),
                      [](const Check& one) { return one.state == CheckState::fine; }));
}

TEST_CASE("sights: each thing that is wrong is its cause") {
    struct Row {
        const char* what;
        void (*spoil)(Sights&);
        const char* cause;
    };
    const Row rows[] = {
        {"WinRM does not answer", [](Sights& all) { (*all.hosts[1].ports)[0].answer = PortAnswer::silent; },
         "winrm-unreachable strong HV01 HV02 1\n"},
        {"nobody listens on 6600",
         [](Sights& all) {
             (*all.hosts[1].ports)[1].answer = PortAnswer::refused;
             all.hosts[1].listening->erase(6600);
         },
         "listener-refused strong HV01 HV02 2\n"},
        {"no address", [](Sights& all) { all.hosts[1].name->addresses.clear(); }, "winrm-name strong HV01 HV02 1\n"},
        {"no address at the source", [](Sights& all) { all.ways[0].addresses->clear(); },
         "winrm-name strong HV01 HV02 1\n"},
        {"another host's address at the source", [](Sights& all) { all.ways[0].addresses = {"10.0.0.1"}; },
         "name-elsewhere strong HV01 HV02 1\n"},
        {"another address at the source", [](Sights& all) { all.ways[0].addresses = {"10.9.9.9"}; },
         "name-elsewhere weak HV01 HV02 1\n"},
        {"one address for both names", [](Sights& all) { all.hosts[1].name->addresses = {"10.0.0.1"}; },
         "name-elsewhere strong HV01 HV02 2\n"},
        {"the host is 10 minutes ahead", [](Sights& all) { all.hosts[1].clock->ahead_ms = 600'000; },
         "clock-skew strong HV01 HV02 1\n"},
        {"all but the controller are 10 minutes behind it",
         [](Sights& all) { (*all.controllers)[0].clock->ahead_ms = 600'000; }, "clock-skew strong HV01 HV02 3\n"},
        {"the limit is reached", [](Sights& all) { all.hosts[0].running = 2; }, "limit-reached strong HV01 HV02 1\n"},
        {"the KDC does not know the service",
         [](Sights& all) { all.hosts[1].services[0].ticket->status = unknown_service; },
         "spn-missing strong HV01 HV02 1\n"},
        {"two accounts have the name",
         [](Sights& all) {
             all.hosts[1].services[0].holders = {"HV02$ (CN=HV02)", "web$ (CN=web)"};
         },
         "spn-duplicate strong HV01 HV02 1\n"},
        {"no controller answers", [](Sights& all) { (*all.controllers)[0].ports[0].answer = PortAnswer::silent; },
         "no-domain-controller strong HV01 HV02 1\n"},
        {"krbtgt is marked", [](Sights& all) { all.accounts[0].seen->not_delegated = true; },
         "krbtgt-not-delegable strong HV01 HV02 1\n"},
        {"the operator is sensitive",
         [](Sights& all) {
             all.accounts.push_back(
                 {Of::operators, "anna", AccountSeen{.name = "anna", .dn = {}, .not_delegated = true}});
         },
         "caller-not-delegable strong HV01 HV02 1\n"},
        {"a host's account is locked",
         [](Sights& all) {
             all.accounts.push_back({Of::host, "HV01$", AccountSeen{.name = "HV01$", .dn = {}, .locked = true}});
         },
         "account-disabled strong HV01 HV02 1\n"},
        {"the operator's password expired",
         [](Sights& all) {
             all.accounts.push_back(
                 {Of::operators, "anna", AccountSeen{.name = "anna", .dn = {}, .password_expired = true}});
         },
         "caller-refused strong HV01 HV02 1\n"},
        {"the operator is locked",
         [](Sights& all) {
             all.accounts.push_back({Of::operators, "anna", AccountSeen{.name = "anna", .dn = {}, .locked = true}});
         },
         "caller-refused strong HV01 HV02 1\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Sights sights = all_well();
        row.spoil(sights);
        CHECK(causes(of(sights)) == row.cause);
    }
}

TEST_CASE("sights: what proves nothing is noted or fine") {
    Sights sights = all_well();
    (*sights.hosts[1].ports)[1].answer = PortAnswer::silent;   // from here; the hosts have a network of their own
    (*sights.hosts[0].ports)[1].answer = PortAnswer::refused;  // nothing moves there
    sights.hosts[0].clock->ahead_ms = 300'900;                 // a clock that shows whole seconds
    sights.accounts.push_back({Of::host, "HV01$", AccountSeen{.name = "HV01$", .dn = {}, .not_delegated = true}});
    sights.hosts[0].cluster = sights.hosts[1].cluster = "CLU1";
    const Diagnosis seen = of(sights);
    CHECK(causes(seen).empty());
    CHECK(std::count_if(seen.checks.begin(), seen.checks.end(),
                        [](const Check& one) { return one.state == CheckState::noted; }) == 3);
}

TEST_CASE("sights: what was not seen is unknown, with its reason, and is no cause") {
    Sights sights = all_well();
    const Error away{Code::unreachable, "HV02 is away"};
    sights.hosts[1].clock = tl::unexpected(away);
    sights.hosts[1].listening = tl::unexpected(away);
    sights.controllers = tl::unexpected(Error{Code::unsupported, "no directory"});
    const Diagnosis seen = of(sights);
    CHECK(causes(seen).empty());
    std::string unknown;
    for (const Check& one : seen.checks)
        if (one.state == CheckState::unknown) unknown += one.about + ": " + one.saw + "\n";
    CHECK(unknown == "listener of HV02: HV02 is away\ndomain controllers: no directory\nclock of HV02: HV02 is away\n");
}

TEST_CASE("sights: they speak for causes of events and of the estate, and show the member of a family") {
    Sights sights = all_well();
    sights.accounts[0].seen->not_delegated = true;
    CHECK(causes(of(sights, {{told("auth-delegation", Proof::family)}})) ==
          "krbtgt-not-delegable strong HV01 HV02 2\n");
    Sights closed = all_well();
    (*closed.hosts[1].ports)[1].answer = PortAnswer::refused;
    CHECK(causes(of(closed, {{told("migration-off", Proof::strong)}})) == "migration-off strong HV01 HV02 2\n");
    CHECK(causes(of(closed, {{told("listener-refused", Proof::family)}})) == "listener-refused strong HV01 HV02 2\n");
    CHECK(causes(of(closed, {{told("spn", Proof::family)}})) ==
          "listener-refused strong HV01 HV02 1\nspn family HV01 HV02 1\n");
}

TEST_CASE("sights: of one host, causes are of moves to it") {
    Sights sights = all_well();
    sights.ways.clear();
    sights.hosts.erase(sights.hosts.begin());
    sights.hosts[0].clock->ahead_ms = -600'000;
    const Diagnosis seen = of(sights);
    CHECK(causes(seen) == "clock-skew strong  HV02 1\n");
    CHECK(seen.causes[0].evidence[0] == "clock of HV02: 10 min 0 s behind dc01");
    sights.hosts[0].clock->ahead_ms = 0;
    sights.peers = {{"HV03", "HV02", std::vector<std::string>{"10.0.0.2"}},
                    {"HV04", "HV02", std::vector<std::string>{}}};
    CHECK(causes(of(sights)) == "winrm-name strong HV04 HV02 1\n");
}

TEST_CASE("times in words") {
    CHECK(time_in_words(400) == "0 s");
    CHECK(time_in_words(59'400) == "59 s");
    CHECK(time_in_words(602'000) == "10 min 2 s");
    CHECK(time_in_words(7'260'000) == "2 h 1 min");
}

}  // namespace fairway::sights_test
