// The provider against a real directory server, reading: every way to sign on, what is said when one is
// refused, long lists, the cost. Run inside tests/lab/lab, whose LAB_ variables say where everything is.
#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/providers/ldap/live.hpp"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "engine/base/file.hpp"
#include "engine/base/text.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/catalogue.hpp"
#include "engine/model/delegation_settings.hpp"
#include "providers/ldap/accounts/codec.hpp"
#include "providers/ldap/accounts/rights.hpp"
#include "providers/ldap/handles.hpp"
#include "providers/ldap/wire/range.hpp"
#include "tests/providers/ldap/relay.hpp"

using namespace fairway;
using namespace fairway::ldap;

TEST_CASE("every way to sign on reads the same") {
    std::vector<std::pair<std::string, Inventory>> ways;
    ways.emplace_back("gssapi, keytab", inventory());
    ways.emplace_back("gss-spnego, keytab", inventory());
    ways.back().second.directories[0].bind = Bind::gss_spnego;
    for (const Bind bind : {Bind::gssapi, Bind::gss_spnego}) {
        for (const Tls tls : {Tls::starttls, Tls::ldaps}) {
            ways.emplace_back(fmt::format("sasl {} over tls {}", static_cast<int>(bind), static_cast<int>(tls)),
                              inventory());
            ways.back().second.directories[0].bind = bind;
            ways.back().second.directories[0].tls = tls;
            ways.back().second.directories[0].port = tls == Tls::ldaps ? 636 : 389;
            ways.back().second.directories[0].ca = lab("LAB_CA");
        }
    }
    ways.emplace_back("simple, ldaps", inventory_simple());
    ways.emplace_back("simple, starttls", inventory_simple());
    ways.back().second.directories[0].tls = Tls::starttls;
    ways.back().second.directories[0].port = 389;
    for (const Bind bind : {Bind::gssapi, Bind::gss_spnego}) {
        for (const bool tls : {false, true}) {
            ways.emplace_back(fmt::format("a password, sasl {}, tls {}", static_cast<int>(bind), tls), inventory());
            ways.back().second.directories[0].bind = bind;
            ways.back().second.directories[0].credentials = password_for_ticket("OPERATOR");
            if (!tls) continue;
            ways.back().second.directories[0].tls = Tls::starttls;
            ways.back().second.directories[0].ca = lab("LAB_CA");
        }
    }
    ways.emplace_back("gssapi, an ordinary user", inventory());
    ways.back().second.directories[0].credentials = keytab("READER");

    std::vector<Address> addresses;
    for (const Setting* setting : catalogue())
        if (setting->kind == Kind::computer && !setting->worked_out)
            for (const char* host : {"HV01", "hv02", "HV03"}) addresses.push_back({host, setting});
    std::optional<Readings> first;
    for (const auto& [what, way] : ways) {
        CAPTURE(what);
        auto opened = open_reader(reach(way));
        REQUIRE_MESSAGE(opened, why(opened));
        const Snapshot snapshot = (*opened)->read(addresses);
        CHECK(snapshot.sources == std::vector{lab("LAB_DC")});
        for (const Address& address : addresses) {
            const Reading& reading = snapshot.at(address);
            REQUIRE_MESSAGE(reading, why(reading));
            CHECK(*reading);
        }
        if (!first) first = snapshot.readings;
        for (const Address& address : addresses) CHECK(*first->at(address) == *snapshot.at(address));
    }
    CHECK(std::get<std::string>(**first->at({"HV01", &setting::account_dns_name})) == "hv01." + lab("LAB_DOMAIN"));
    CHECK(as_set(**first->at({"HV01", &setting::account_flags}))->contains("workstation_trust_account"));
}

TEST_CASE("a ticket cache is used, the default one or one by name") {
    const std::string cache = std::filesystem::temp_directory_path() / fmt::format("fairway-live-{}", getpid());
    const std::string who = lab("LAB_OPERATOR") + "@" + lab("LAB_REALM");
    const std::string kinit = fmt::format("kinit -k -t '{}' -c 'FILE:{}' '{}'", lab("LAB_OPERATOR_KEYTAB"), cache, who);
    REQUIRE(std::system(kinit.c_str()) == 0);
    Inventory named = inventory();
    named.directories[0].credentials = {Credentials::Form::ticket_cache, "FILE:" + cache, ""};
    for (const Bind bind : {Bind::gssapi, Bind::gss_spnego}) {
        named.directories[0].bind = bind;
        (void)read_one(*reader(named), services);
    }
    Inventory by_default = inventory();
    by_default.directories[0].credentials = {Credentials::Form::ticket_cache, "default", ""};
    const char* was = std::getenv("KRB5CCNAME");
    const std::string kept = was ? was : "";
    ::setenv("KRB5CCNAME", ("FILE:" + cache).c_str(), 1);
    (void)read_one(*reader(by_default), services);

    ::setenv("KRB5CCNAME", "FILE:/nonexistent/cache", 1);
    refuses(open_reader(reach(by_default)), Code::denied, "kinit");
    by_default.directories[0].bind = Bind::gss_spnego;
    refuses(open_reader(reach(by_default)), Code::denied, "kinit");
    if (was) ::setenv("KRB5CCNAME", kept.c_str(), 1);
    else ::unsetenv("KRB5CCNAME");
    named.directories[0].credentials.path = "FILE:/nonexistent/cache";
    refuses(open_reader(reach(named)), Code::denied, "kinit");
    REQUIRE(std::system((kinit + " -l 2s").c_str()) == 0);
    std::this_thread::sleep_for(std::chrono::seconds(3));
    named.directories[0].credentials.path = "FILE:" + cache;
    for (const Bind bind : {Bind::gssapi, Bind::gss_spnego}) {
        named.directories[0].bind = bind;
        refuses(open_reader(reach(named)), Code::denied, "expired");
    }
    std::filesystem::remove(cache);
}

TEST_CASE("refused sign-ons say why") {
    Inventory wrong = inventory();
    SUBCASE("a principal that the keytab does not hold") {
        wrong.directories[0].credentials.principal = "nobody@" + lab("LAB_REALM");
        refuses(open_reader(reach(wrong)), Code::bad_input, "klist -k");
    }
    SUBCASE("a keytab that is not there") {
        wrong.directories[0].credentials.path = "/nonexistent/keytab";
        refuses(open_reader(reach(wrong)), Code::bad_input, "keytab");
    }
    SUBCASE("an address instead of a name") {
        wrong.directories[0].servers = {"127.0.0.1"};
        refuses(open_reader(reach(wrong)), Code::denied, "full DNS name");
    }
    SUBCASE("an unknown realm") {
        wrong.directories[0].credentials.principal = "operator@OTHER.EXAMPLE";
        wrong.directories[0].bind = Bind::gss_spnego;
        refuses(open_reader(reach(wrong)), Code::bad_input, "key");
    }
    SUBCASE("a wrong password") {
        const std::string file = std::filesystem::temp_directory_path() / fmt::format("fairway-secret-{}", getpid());
        REQUIRE(write_file_atomically(file, "wrong\n"));
        ::chmod(file.c_str(), 0600);
        wrong = inventory_simple();
        wrong.directories[0].credentials.path = file;
        refuses(open_reader(reach(wrong)), Code::denied, "wrong user name or password");
        Inventory by_ticket = inventory();
        by_ticket.directories[0].credentials = password_for_ticket("OPERATOR");
        by_ticket.directories[0].credentials.path = file;
        for (const Bind bind : {Bind::gssapi, Bind::gss_spnego}) {
            by_ticket.directories[0].bind = bind;
            refuses(open_reader(reach(by_ticket)), Code::denied, "the password or key does not fit the account");
        }
        const std::string open = file + "-open";  // a name of its own: what the first said is remembered
        std::filesystem::rename(file, open);
        ::chmod(open.c_str(), 0644);
        wrong.directories[0].credentials.path = open;
        refuses(open_reader(reach(wrong)), Code::bad_input, "chmod 600");
        std::filesystem::remove(open);
    }
    SUBCASE("a password in clear") {
        wrong = inventory_simple();
        wrong.directories[0].tls = Tls::none;
        wrong.directories[0].port = 389;
        refuses(open_reader(reach(wrong)), Code::refused, "without TLS");
    }
    SUBCASE("another authority") {
        wrong = inventory_simple();
        wrong.directories[0].ca = "/etc/ssl/certs/ca-certificates.crt";
        refuses(open_reader(reach(wrong)), Code::unreachable, "certificate");
        wrong.directories[0].ca = "";
        refuses(open_reader(reach(wrong)), Code::unreachable, "certificate");
        wrong.directories[0].tls = Tls::starttls;
        wrong.directories[0].port = 389;
        refuses(open_reader(reach(wrong)), Code::unreachable, "certificate");
        wrong.directories[0].ca = "/nonexistent.pem";
        refuses(open_reader(reach(wrong)), Code::bad_input, "PEM");
    }
    SUBCASE("a certificate for another name") {
        wrong = inventory_simple();
        wrong.directories[0].servers = {"localhost"};
        refuses(open_reader(reach(wrong)), Code::unreachable, "certificate");
    }
    SUBCASE("another domain") {
        wrong.directories[0].domain = "other.example";
        refuses(open_reader(reach(wrong)), Code::denied, "only domain controllers of other.example");
        wrong = inventory_simple();  // which proves no domain, so it is what the server says
        wrong.directories[0].domain = "other.example";
        refuses(open_reader(reach(wrong)), Code::bad_input, "DC=other,DC=example");
    }
    SUBCASE("credentials that do not fit") {
        wrong = inventory_simple();
        wrong.directories[0].credentials = keytab("OPERATOR");
        refuses(open_reader(reach(wrong)), Code::bad_input, "needs a password");
    }
    SUBCASE("a realm as DNS spells it") {
        wrong.directories[0].credentials = password("OPERATOR");
        refuses(open_reader(reach(wrong)), Code::unreachable, "[realms]");
    }
}

TEST_CASE("nothing that matters travels in clear") {
    for (const Tls tls : {Tls::none, Tls::starttls, Tls::ldaps}) {
        for (const Bind bind : {Bind::gssapi, Bind::gss_spnego, Bind::simple}) {
            if (tls == Tls::none && bind == Bind::simple) continue;
            Inventory tapped = bind == Bind::simple ? inventory_simple() : inventory();
            Relay relay("127.0.0.1", tls == Tls::ldaps ? 636 : 389);
            tapped.directories[0].port = relay.port();
            tapped.directories[0].bind = bind;
            tapped.directories[0].tls = tls;
            tapped.directories[0].ca = lab("LAB_CA");
            (void)read_one(*reader(tapped), services);
            CHECK_FALSE(relay.saw("msDS-AllowedToDelegateTo"));
            CHECK_FALSE(relay.saw("HV01$"));
            CHECK_FALSE(relay.saw(lab("LAB_OPERATOR") + "@" + lab("LAB_DOMAIN")));
            CHECK(relay.saw(bind == Bind::gssapi && tls == Tls::none ? "GSSAPI" : ""));  // the tap does hear
        }
    }
}

TEST_CASE("the next server is tried only when one cannot be reached") {
    Inventory two = inventory();
    two.directories[0].servers = {"nowhere.invalid", lab("LAB_DC")};
    (void)read_one(*reader(two), services);
    two.directories[0].servers = {"nowhere.invalid"};
    refuses(open_reader(reach(two)), Code::unreachable, "nowhere.invalid");
}

TEST_CASE("a missing account is an error of its own") {
    const Address missing{"HV99", &setting::account_flags};
    const Snapshot snapshot = reader()->read(std::vector{missing, services});
    CHECK(snapshot.at(services));
    refuses(snapshot.at(missing), Code::not_found, "HV99$");
    refuses(writer()->write({"HV*", &setting::delegation_services}, set_of({}), set_of({"a/b"})), Code::not_found,
            "HV*$");
}

// Asks a server that knows range options for short slices, as a controller with a small MaxValRange gives.
class Slicing final : public ReadWire {
public:
    Slicing(ReadWire& wire, std::size_t slice) : wire_(wire), slice_(slice) {}
    Result<int> ask(const Search& search, const std::string& cookie) override {
        Search sliced = search;
        for (std::string& name : sliced.attributes) {
            if (name.substr(0, name.find(';')) != delegation) continue;
            const auto range = parse_range(name).value();
            const std::size_t first = range ? range->first : 0;
            name = fmt::format("{};range={}-{}", delegation, first, first + slice_ - 1);
        }
        return wire_.ask(sliced, cookie);
    }
    Result<Page> next() override { return wire_.next(); }
    void abandon() override { wire_.abandon(); }
    bool lost() const override { return wire_.lost(); }
    std::size_t requests() const override { return wire_.requests(); }

private:
    ReadWire& wire_;
    std::size_t slice_;
};

TEST_CASE("long lists come whole, at once or in slices") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    std::vector<std::string> wanted;
    for (int i = 0; i < 1800; ++i) wanted.push_back(fmt::format("cifs/host{:05}.corp.example", i));
    hand.set("HV01", delegation, wanted);
    CHECK(read_one(*reader(), services) == set_of(wanted));
    const std::vector<std::string> attributes = {delegation};
    for (const std::size_t slice : {700u, 600u, 1799u, 1800u, 1u << 20}) {
        Slicing slicing(hand.wire(), slice);
        const auto account = read_account(slicing, lab("LAB_BASE_DN"), "HV01", attributes);
        REQUIRE_MESSAGE(account, why(account));
        CHECK(Set({account->of(delegation).begin(), account->of(delegation).end()}) == Set(wanted));
    }
    auto to = writer();
    const Value shorter = set_of({wanted.begin() + 900, wanted.end()});
    CHECK(to->write(services, set_of(wanted), shorter));
    CHECK(read_one(*reader(), services) == shorter);
}

TEST_CASE("the cost of reading the lab") {
    std::vector<Address> addresses;
    for (const std::string_view host : text::split(std::string_view(std::getenv("LAB_HOSTS")), ' '))
        for (const Setting* setting : catalogue())
            if (setting->kind == Kind::computer && !setting->worked_out)
                addresses.push_back({std::string(host), setting});
    const auto start = std::chrono::steady_clock::now();
    auto from = reader();
    const auto opened = std::chrono::steady_clock::now();
    const Snapshot snapshot = from->read(addresses);
    const auto done = std::chrono::steady_clock::now();
    const std::size_t hosts = addresses.size() / 6;
    const std::size_t requests = dynamic_cast<DirectoryReader&>(*from).requests();
    CHECK(requests <= 5 + hosts / 50);  // two of them about the caller
    for (const Address& address : addresses) CHECK(snapshot.at(address));
    const auto ms = [](auto span) { return std::chrono::duration<double, std::milli>(span).count(); };
    MESSAGE(hosts << " hosts: open " << ms(opened - start) << " ms, read " << ms(done - opened) << " ms, " << requests
                  << " requests");
}

TEST_CASE("the cost of asking for rights") {
    std::vector<Address> addresses;
    for (const std::string_view host : text::split(std::string_view(std::getenv("LAB_HOSTS")), ' '))
        for (const Row& row : rows())
            if (row.setting->access == Access::managed) addresses.push_back({std::string(host), row.setting});
    for (const bool writes : {true, false}) {
        Inventory who = inventory();
        if (!writes) who.directories[0].credentials = keytab("READER");
        const auto controllers = reach(who);
        auto opened = open_rights_reader(controllers);
        REQUIRE_MESSAGE(opened, why(opened));
        auto& rights = dynamic_cast<DirectoryRights&>(**opened);
        const std::size_t before = rights.requests();
        const auto start = std::chrono::steady_clock::now();
        const Rights told = rights.may_write(addresses);
        const auto took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start);
        CHECK(rights.requests() - before == 2);
        CHECK(told.size() == addresses.size());
        for (const auto& [address, right] : told) {
            // The others need a privilege that administrators have by default.
            const bool name = address.setting == &setting::spn_migration;
            const bool plain = name || address.setting == &setting::delegation_allowed_principals;
            CAPTURE(address.setting->name);
            CHECK(right.may == (writes ? plain ? May::yes : May::by_default : name ? May::unknown : May::no));
        }
        MESSAGE(addresses.size() << " rights: " << took.count() << " ms, " << rights.requests() - before
                                 << " requests");
    }
}

int main(int argc, char** argv) { return doctest::Context(argc, argv).run(); }
