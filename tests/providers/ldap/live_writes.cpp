// The provider against a real directory server, writing: what changes and what stays, what somebody else
// or a cut connection does, and who is refused. Run with live.cpp.
#include "tests/providers/ldap/live.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <functional>
#include <thread>

#include "providers/ldap/handles.hpp"
#include "tests/providers/ldap/relay.hpp"

using namespace fairway;
using namespace fairway::ldap;

TEST_CASE("a service list is changed element by element") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    hand.set("HV01", delegation, {"cifs/HV02", "MSSQLSvc/sql01:1433"});
    auto to = writer();
    auto from = reader();
    CHECK(to->write(services, set_of({"cifs/HV02"}), set_of({"cifs/HV03", "cifs/hv03.corp.example"})));
    CHECK(read_one(*from, services) == set_of({"MSSQLSvc/sql01:1433", "cifs/HV03", "cifs/hv03.corp.example"}));
    CHECK(to->write(services, set_of({"CIFS/hv03"}), set_of({"CIFS/hv03", "x/y"})));
    CHECK(to->write(services, set_of({"cifs/HV03"}), set_of({"CIFS/hv03"})));
    CHECK(read_one(*from, services) == set_of({"MSSQLSvc/sql01:1433", "CIFS/hv03", "cifs/hv03.corp.example", "x/y"}));
    CHECK(to->write(services, *read_one(*from, services), set_of({})));
    CHECK(read_one(*from, services) == set_of({}));
    CHECK(to->write(services, set_of({}), set_of({"cifs/HV02"})));
    CHECK(read_one(*from, services) == set_of({"cifs/HV02"}));
}

TEST_CASE("a change of several sealed messages arrives whole") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    for (const Bind bind : {Bind::gssapi, Bind::gss_spnego}) {
        hand.set("HV01", delegation, {});
        Inventory sealed = inventory();
        sealed.directories[0].bind = bind;
        auto opened = open_writer(reach(sealed));
        REQUIRE_MESSAGE(opened, why(opened));
        std::vector<std::string> names;
        std::size_t bytes = 0;
        for (int i = 0; i < 1000; ++i) bytes += names.emplace_back(fmt::format("cifs/{:0>190}", i)).size();
        REQUIRE(bytes > 2 * 64 * 1024);  // more than a sealed message holds
        CHECK((*opened)->write(services, set_of({}), Value(Set(names))));
        std::vector<std::string> there = hand.values("HV01", delegation);
        std::sort(there.begin(), there.end());
        CHECK(there == names);
        CHECK((*opened)->write(services, Value(Set(names)), set_of({})));
        CHECK(hand.values("HV01", delegation).empty());
    }
}

TEST_CASE("stale changes are refused by the reading before the write") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    hand.set("HV01", delegation, {"cifs/HV02"});
    auto to = writer();
    refuses(to->write(services, set_of({}), set_of({"CIFS/hv02"})), Code::stale, "there already: CIFS/hv02");
    refuses(to->write(services, set_of({"cifs/HV09"}), set_of({})), Code::stale, "no longer there: cifs/HV09");
    refuses(to->write(transition, true, false), Code::stale, "`no` now");
    CHECK(hand.values("HV01", delegation) == std::vector<std::string>{"cifs/HV02"});
}

// Strikes between the writer's reading and its modify, which is when only the server can notice.
class Struck final : public Wire {
public:
    Struck(std::unique_ptr<Wire> wire, std::function<void()> strike)
        : wire_(std::move(wire)), strike_(std::move(strike)) {}
    Result<int> ask(const Search& search, const std::string& cookie) override { return wire_->ask(search, cookie); }
    Result<Page> next() override { return wire_->next(); }
    void abandon() override { wire_->abandon(); }
    Result<int> send(const std::string& dn, std::span<const Modification> modifications) override {
        strike_();
        return wire_->send(dn, modifications);
    }
    Result<Modified> next_modified() override { return wire_->next_modified(); }
    bool lost() const override { return wire_->lost(); }
    std::size_t requests() const override { return wire_->requests(); }

private:
    std::unique_ptr<Wire> wire_;
    std::function<void()> strike_;
};

DirectoryWriter writer_over(const Root& root, Line<Wire>::Dial dial) {
    std::vector<Domain<Wire>> domains;
    domains.push_back({std::make_shared<Controller>(Controller{lab("LAB_DOMAIN"), lab("LAB_DC"), root, {}}),
                       std::make_shared<Line<Wire>>(std::move(dial))});
    return DirectoryWriter(Domains(std::move(domains)));
}

TEST_CASE("stale changes are refused by the server in the moment of the write") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    hand.set("HV01", delegation, {"cifs/HV02"});
    hand.set("HV01", uac, {"4096"});
    const Root root = read_root(hand.wire()).value();
    const auto racing = [&](std::function<void()> strike) {
        return writer_over(root, [strike]() -> Result<std::unique_ptr<Wire>> {
            auto wire = dial_to_write(inventory().directories[0], lab("LAB_DC"));
            REQUIRE(wire);
            return std::make_unique<Struck>(std::move(*wire), strike);
        });
    };
    auto came = racing([&] { hand.set("HV01", delegation, {"cifs/HV02", "cifs/HV03"}); });
    refuses(came.write(services, set_of({}), set_of({"x/y", "cifs/HV03"})), Code::stale, "there already");
    CHECK(Set(hand.values("HV01", delegation)) == Set({"cifs/HV02", "cifs/HV03"}));

    auto went = racing([&] { hand.set("HV01", delegation, {"cifs/HV03"}); });
    refuses(went.write(services, set_of({"cifs/HV02"}), set_of({"x/y"})), Code::stale, "no longer there");
    CHECK(hand.values("HV01", delegation) == std::vector<std::string>{"cifs/HV03"});

    auto other_bit = racing([&] { hand.set("HV01", uac, {"4098"}); });
    refuses(other_bit.write(transition, false, true), Code::stale, "no longer there");
    CHECK(hand.values("HV01", uac) == std::vector<std::string>{"4098"});
}

TEST_CASE("bits change alone") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    hand.set("HV01", uac, {"4098"});
    auto to = writer();
    auto from = reader();
    CHECK(to->write(transition, false, true));
    CHECK(hand.values("HV01", uac) == std::vector<std::string>{std::to_string(0x1001002)});
    CHECK(to->write(unconstrained, false, true));
    CHECK(hand.values("HV01", uac) == std::vector<std::string>{std::to_string(0x1081002)});
    CHECK(read_one(*from, unconstrained) == Held(true));
    CHECK(to->write(transition, true, false));
    CHECK(to->write(unconstrained, true, false));
    CHECK(hand.values("HV01", uac) == std::vector<std::string>{"4098"});
}

TEST_CASE("other services' names are kept") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    const std::string mine = "Microsoft Virtual System Migration Service/HV01";
    hand.set("HV01", spn, {"HOST/HV01", "WSMAN/HV01", mine});
    auto to = writer();
    auto from = reader();
    CHECK(read_one(*from, names) == set_of({mine}));
    CHECK(to->write(names, set_of({mine}), set_of({mine, mine + ".corp.example"})));
    CHECK(Set(hand.values("HV01", spn)) == Set({"HOST/HV01", "WSMAN/HV01", mine, mine + ".corp.example"}));
    CHECK(to->write(names, set_of({mine, mine + ".corp.example"}), set_of({})));
    CHECK(Set(hand.values("HV01", spn)) == Set({"HOST/HV01", "WSMAN/HV01"}));
    CHECK(read_one(*from, names) == set_of({}));
    refuses(to->write(names, set_of({}), set_of({"HOST/evil"})), Code::bad_input, "HOST/evil");
}

TEST_CASE("who may only read cannot write, and is told what is missing") {
    Inventory as_reader = inventory();
    as_reader.directories[0].credentials = keytab("READER");
    auto to = writer(as_reader);
    refuses(to->write(services, set_of({}), set_of({"a/b"})), Code::denied, "SeEnableDelegationPrivilege");
    refuses(to->write(transition, false, true), Code::denied, "SeEnableDelegationPrivilege");
}

TEST_CASE("a permissive forest is refused") {
    ThirdHand hand;
    const Root root = read_root(hand.wire()).value();
    REQUIRE(read_heuristics(hand.wire(), root.configuration_context).value().empty());
    const std::string object = "CN=Directory Service,CN=Windows NT,CN=Services," + root.configuration_context;
    hand.put_at(object, {{Modification::Kind::add, "dSHeuristics", {"00001"}}});
    const auto refused = open_writer(reach(inventory()));
    CHECK(open_reader(reach(inventory())));
    hand.put_at(object, {{Modification::Kind::remove, "dSHeuristics", {"00001"}}});
    refuses(refused, Code::refused, "fLDAPUsePermMod");
    CHECK(open_writer(reach(inventory())));
}

TEST_CASE("a lost connection is an error of a write, and healed for a read") {
    ThirdHand hand;
    const Restored restored(hand, "HV01");
    hand.set("HV01", delegation, {});
    Relay relay("127.0.0.1", 389);
    Inventory tapped = inventory();
    tapped.directories[0].port = relay.port();
    {
        auto from = reader(tapped);
        (void)read_one(*from, services);
        relay.cut_now();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        (void)read_one(*from, services);
    }
    const Root root = read_root(hand.wire()).value();
    DirectoryWriter to = writer_over(root, [&]() -> Result<std::unique_ptr<Wire>> {
        auto wire = dial_to_write(tapped.directories[0], lab("LAB_DC"));
        if (!wire) return wire;
        return std::make_unique<Struck>(std::move(*wire), [&] { relay.swallow_answers(true); });
    });
    refuses(to.write(services, set_of({}), set_of({"a/b"})), Code::unreachable, "HV01$");
    relay.swallow_answers(false);
    CHECK(hand.values("HV01", delegation) == std::vector<std::string>{"a/b"});
    refuses(to.write(services, set_of({}), set_of({"a/b"})), Code::stale, "there already");
}
