// What is seen of a domain for a diagnosis: does Samba's KDC say what is wrong with a service's name, is an account's
// state seen, and are controllers? Runs inside the lab with live.cpp, whose main() it shares.
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <unistd.h>

#include "tests/providers/ldap/live.hpp"

using namespace fairway;
using namespace fairway::ldap;

namespace {

const std::string migration = "Microsoft Virtual System Migration Service";
constexpr std::uint32_t unknown_service = 7;  // RFC 4120 7.5.9

// Samba's KDC puts a backslash before each blank of a name, and then looks for an account that holds it so.
std::string as_samba_looks_for_it(const std::string& name) {
    std::string out;
    for (const char c : name) out += c == ' ' ? "\\ " : std::string(1, c);
    return out;
}

std::unique_ptr<DirectorySights> sights(const Inventory& from = inventory()) {
    auto opened = open_sights(reach(from));
    REQUIRE_MESSAGE(opened, why(opened));
    return std::move(*opened);
}

TicketSeen ticket(const std::string& service, const Inventory& from = inventory()) {
    auto seen = sights(from)->ticket(service);
    REQUIRE_MESSAGE(seen, why(seen));
    return *seen;
}

}  // namespace

TEST_CASE("tickets: the KDC gives them, by either name of a host, and says how they are encrypted") {
    const std::string domain = lab("LAB_DOMAIN");
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    auto held = hand.values("HV01", spn);
    held.push_back(as_samba_looks_for_it(migration + "/HV01"));
    hand.set("HV01", spn, held);
    for (const std::string& service : {"cifs/hv01." + domain, std::string("cifs/HV01"),
                                       "ldap/" + lab("LAB_DC") + "/" + domain, migration + "/HV01"}) {
        CAPTURE(service);
        const TicketSeen seen = ticket(service);
        CHECK_FALSE(seen.status.has_value());
        CHECK(seen.encryption == "aes256-cts-hmac-sha1-96");
        CHECK(seen.detail.empty());
    }
}

TEST_CASE("tickets: a name that nobody holds, and what was got earlier hides nothing") {
    const TicketSeen nobody = ticket("cifs/hv99." + lab("LAB_DOMAIN"));
    CHECK(nobody.status == unknown_service);
    CHECK(nobody.encryption.empty());
    CHECK(nobody.detail.find("not found in Kerberos database") != std::string::npos);
    const std::string file = std::filesystem::temp_directory_path() / fmt::format("fairway-sights-{}", getpid()),
                      cache = "FILE:" + file, name = "WSMAN/HV01";
    const std::string command =
        fmt::format("kinit -k -t '{0}' -c '{1}' '{2}' && kvno -q -c '{1}' '{3}'", lab("LAB_OPERATOR_KEYTAB"), cache,
                    lab("LAB_OPERATOR") + "@" + lab("LAB_REALM"), name);
    REQUIRE(std::system(command.c_str()) == 0);
    Inventory with_cache = inventory();
    with_cache.directories[0].credentials = {Credentials::Form::ticket_cache, cache, ""};
    CHECK_FALSE(ticket(name, with_cache).status.has_value());
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    auto held = hand.values("HV01", spn);
    REQUIRE(std::erase(held, name) == 1);
    hand.set("HV01", spn, held);
    CHECK(ticket(name, with_cache).status == unknown_service);
    std::filesystem::remove(file);
}

TEST_CASE("tickets: what cannot be asked is an error that says why") {
    const auto simple = sights(inventory_simple())->ticket("cifs/HV01");
    refuses(simple, Code::unsupported, "bind: gssapi");
    for (const char* odd : {"", "cifs", "cifs/", "/HV01", "a/b/c/d"})
        refuses(sights()->ticket(odd), Code::bad_input, "no service principal name");
    Inventory nobody = inventory();
    nobody.directories[0].credentials.principal = "nobody@" + lab("LAB_REALM");
    refuses(sights(nobody)->ticket("cifs/HV01"), Code::bad_input, "klist -k");
}

TEST_CASE("accounts: by each kind of name, and what of their state stands in the way") {
    const auto of_operator = sights()->account(lab("LAB_OPERATOR") + "@" + lab("LAB_DOMAIN"));
    REQUIRE_MESSAGE(of_operator, why(of_operator));
    CHECK(of_operator->name == lab("LAB_OPERATOR"));
    CHECK_FALSE((of_operator->disabled || of_operator->locked || of_operator->expired ||
                 of_operator->password_expired || of_operator->protected_users));
    refuses(sights()->account("nobody-of-that-name"), Code::not_found, "nobody-of-that-name");
    refuses(sights()->account("ELSEWHERE\\HV01$"), Code::not_found, "ELSEWHERE");
    ThirdHand hand;
    const Restored restored(hand, "HV03");
    hand.set("HV03", uac, {"1052674"});  // a computer's (0x1000), disabled, sensitive (0x100000)
    const auto computer = sights()->account(lab("LAB_WORKGROUP") + "\\HV03$");
    REQUIRE_MESSAGE(computer, why(computer));
    CHECK(computer->disabled);
    CHECK(computer->not_delegated);
}

TEST_CASE("accounts: in Protected Users, through another group too") {
    ThirdHand hand;
    const auto dn_of = [](const std::string& name) {
        const auto seen = sights()->account(name);
        REQUIRE_MESSAGE(seen, why(seen));
        return seen->dn;
    };
    const std::string who = dn_of("HV04$"), outer = "CN=Protected Users,CN=Users," + lab("LAB_BASE_DN"),
                      inner = "CN=Group Policy Creator Owners,CN=Users," + lab("LAB_BASE_DN");
    const auto put = [&](Modification::Kind kind, const std::string& group, const std::string& member) {
        hand.put_at(group, {{kind, "member", {member}}});
    };
    put(Modification::Kind::add, inner, who);
    CHECK_FALSE(sights()->account("HV04$")->protected_users);
    put(Modification::Kind::add, outer, inner);
    CHECK(sights()->account("HV04$")->protected_users);
    put(Modification::Kind::remove, outer, inner);
    put(Modification::Kind::remove, inner, who);
}

TEST_CASE("controllers: their ports and clocks, also of one that is down") {
    Inventory two = inventory();
    const std::string member = "hv01." + lab("LAB_DOMAIN");  // no controller: nobody listens there
    two.directories[0].servers.push_back(member);
    const auto seen = sights(two)->controllers();
    REQUIRE_MESSAGE(seen, why(seen));
    REQUIRE(seen->size() == 2);
    const ControllerSeen &up = seen->front(), &down = seen->back();
    CHECK(up.name == lab("LAB_DC"));
    REQUIRE(up.ports.size() == 4);
    for (const PortSeen& port : up.ports) CHECK(port.answer == PortAnswer::open);
    REQUIRE_MESSAGE(up.clock, why(up.clock));
    CHECK(std::abs(up.clock->ahead_ms) <= up.clock->within_ms);  // it is the clock of this machine
    CHECK(down.name == member);
    refuses(down.clock, Code::unreachable, "port 389 is refused from here");
    for (const PortSeen& port : down.ports) CHECK(port.answer == PortAnswer::refused);
}
