// Are as many hosts spoken to at once as the limits allow and no more, and does reading end when it is asked to? A
// server on the loopback that is all hosts, and answers when the test says.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fmt/format.h>
#include <list>
#include <mutex>
#include <thread>

#include "engine/model/host_facts.hpp"
#include "providers/wmi/hyperv/acting.hpp"
#include "providers/wmi/hyperv/hosts.hpp"
#include "providers/wmi/wmi.hpp"
#include "providers/wmi/wsman/soap.hpp"
#include "tests/providers/wmi/loopback.hpp"
#include "tests/providers/wmi/replies.hpp"

namespace fairway::wmi::fleet_test {
namespace {

class SlowHosts {
public:
    // The first `together` are answered when all of them have asked, the next `more` at once, and others never.
    SlowHosts(int together, int more) : together_(together), answered_(together + more) {
        port = listener_.port;
        acceptor_ = std::thread([this] {
            for (int peer = listener_.accept(); peer >= 0; peer = listener_.accept())
                peers_.emplace_back([this, peer] { serve(peer); });
        });
    }
    ~SlowHosts() {
        {
            const std::lock_guard hold(lock_);
            over_ = true;
        }
        moved_.notify_all();
        listener_.stop();
        acceptor_.join();
        for (std::thread& peer : peers_) peer.join();
    }

    std::uint16_t port = 0;
    std::atomic<int> most = 0, all = 0;

private:
    // False: never.
    bool may_answer() {
        std::unique_lock hold(lock_);
        const int number = ++all;
        most = std::max<int>(most, ++now_);
        moved_.notify_all();
        moved_.wait(hold, [&] { return over_ || (all >= together_ && number <= answered_); });
        --now_;
        return !over_;
    }

    void serve(int peer) {
        std::string request(64 << 10, '\0');
        for (;;) {
            std::size_t size = 0;
            while (request.find("</s:Envelope>") >= size) {
                const auto got = ::read(peer, request.data() + size, request.size() - size);
                if (got <= 0) return static_cast<void>(::close(peer));
                size += static_cast<std::size_t>(got);
                if (request.substr(0, size).find("</s:Envelope>") != std::string::npos) break;
            }
            if (!may_answer()) return static_cast<void>(::close(peer));
            const std::string body =
                reply(id_of(request.substr(0, size)), batch("EnumerateResponse", "w", {}, "", true));
            const std::string answer =
                fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: {}\r\n\r\n{}",
                            body.size(), body);
            if (::write(peer, answer.data(), answer.size()) < 0) return static_cast<void>(::close(peer));
        }
    }

    const int together_, answered_;
    std::mutex lock_;
    std::condition_variable moved_;
    int now_ = 0;
    bool over_ = false;
    Listener listener_{256};
    std::thread acceptor_;
    std::list<std::thread> peers_;
};

// Signed on by a header alone, so that no domain is needed.
Inventory fleet_of(const SlowHosts& hosts, std::size_t count, FleetLimits limits, std::size_t groups) {
    Inventory out;
    out.limits = limits;
    for (std::size_t i = 0; i < count; ++i) {
        Host host;
        host.name = fmt::format("HV{:02}", i);
        host.dns = fmt::format("hv{:02}.corp.example", i);
        host.domain = groups == 0 ? "" : fmt::format("group-{}", i % groups);
        host.reach.address = "127.0.0.1";
        host.reach.port = hosts.port;
        host.reach.authentication = HostAuthentication::certificate;
        out.hosts.push_back(std::move(host));
    }
    return out;
}

Snapshot read(const Inventory& inventory, const Progress& progress = {}) {
    std::vector<Address> asked;
    for (const Host& host : inventory.hosts) asked.push_back({host.name, &setting::host_cluster});
    return open_reader(reach(inventory))->read(asked, progress);
}

}  // namespace

TEST_CASE("fleet: limits of the run and of a group") {
    const struct {
        FleetLimits limits;
        std::size_t groups;
        int at_once;
    } rows[] = {
        {{.run = 4}, 0, 4}, {{.run = 100, .group = 3}, 1, 3}, {{.run = 100, .group = 2}, 3, 6}, {{.run = 1}, 2, 1}};
    for (const auto& row : rows) {
        SlowHosts hosts(row.at_once, 24);
        const Snapshot seen = read(fleet_of(hosts, 24, row.limits, row.groups));
        CHECK(seen.sources.size() == 24);
        CHECK(hosts.all == 24);
        CHECK(hosts.most == row.at_once);
    }
}

TEST_CASE("fleet: reading ends when it is asked to, and everything is answered") {
    SlowHosts hosts(4, 0);
    const Snapshot seen =
        read(fleet_of(hosts, 24, {.run = 4}, 0), [&](std::size_t done, std::size_t) { return done < 4; });
    CHECK(hosts.all <= 8);
    CHECK(seen.readings.size() == 24);
    std::size_t refused = 0;
    for (const auto& [address, reading] : seen.readings) refused += !reading && reading.error().code == Code::refused;
    CHECK(refused == 20);
}

namespace {

// Acts on a host by one exchange, which the slow hosts answer with something else.
struct Acts {
    Acts(Hosts& hosts, std::size_t count, std::size_t may_begin) {
        std::vector<Talk*> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back(&talks.emplace_back(
                fmt::format("HV{:02}", i), Pace::real(),
                [this](Channel& channel, const Pace&) {
                    answered += Inquirer(channel).enumerate("http://x/Some_Class").has_value();
                },
                [this] { ++over; }));
        hosts.act(all, [&] { return begun++ < may_begin; });
    }
    std::list<Acting> talks;
    std::size_t begun = 0, answered = 0, over = 0;
};

}  // namespace

TEST_CASE("fleet: acts go out together, and where no more may begin, those under way are waited for") {
    SlowHosts hosts(6, 24);
    const Acts all(*reach(fleet_of(hosts, 24, {.run = 6}, 0)), 24, 1000);
    CHECK(hosts.most == 6);
    CHECK(all.answered == 24);
    CHECK(all.over == 24);
    SlowHosts others(4, 0);
    const Acts some(*reach(fleet_of(others, 24, {.run = 6}, 0)), 24, 4);
    CHECK(others.all == 4);
    CHECK(some.answered == 4);
    CHECK(some.over == 4);
    CHECK(std::count_if(some.talks.begin(), some.talks.end(), [](const Acting& one) { return one.begun(); }) == 4);
}

TEST_CASE("fleet: an act is not sent once nothing may begin, however far its host came by then") {
    SlowHosts hosts(1, 2);
    bool may = true, acted = false;
    std::size_t over = 0;
    Acting late(
        "HV00", Pace::real(),
        [&](Channel& channel, const Pace&) {
            CHECK(channel.exchange(soap::identify().value(), Repeat::safe));
            may = false;
            CHECK(channel.exchange("<act/>", Repeat::act).error().code == Code::refused);
            may = true;  // too late for it
            acted = channel.exchange("<act/>", Repeat::act).has_value();
        },
        [&] { ++over; }, [&] { return may; });
    Talk* const talk = &late;
    reach(fleet_of(hosts, 1, {}, 0))->act({&talk, 1}, [] { return true; });
    CHECK(hosts.all == 1);
    CHECK_FALSE(acted);
    CHECK_FALSE(late.begun());
    CHECK(over == 1);
}

TEST_CASE("fleet: nobody waits for a connection beyond the moment from which nothing may begin") {
    Inventory inventory;
    {
        const SlowHosts gone(1, 0);
        inventory = fleet_of(gone, 1, {}, 0);  // nobody listens at its port any more
    }
    const auto began = MayBegin::Clock::now();
    const MayBegin until([] { return true; }, began + std::chrono::milliseconds(100));
    Acting late(
        "HV00", Pace::real(), [](Channel& channel, const Pace&) { CHECK_FALSE(channel.exchange("x", Repeat::act)); },
        [] {}, until);
    Talk* const talk = &late;
    reach(inventory)->act({&talk, 1}, until);
    CHECK_FALSE(late.begun());
    CHECK(MayBegin::Clock::now() - began < std::chrono::seconds(2));  // its patience is several
}

}  // namespace fairway::wmi::fleet_test
