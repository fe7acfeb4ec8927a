// Is an open port told from a closed one, from one that says nothing, and from a machine without an address?
#include "providers/network/ports.hpp"

#include <array>
#include <doctest/doctest.h>

#include "engine/base/descriptor.hpp"
#include "tests/providers/wmi/loopback.hpp"

namespace fairway::network::ports_test {
namespace {

// A port of the loopback on which nobody listens: it was bound a moment ago, by us.
std::uint16_t closed_port() { return wmi::Listener(1).port; }

// A listener that takes no more connections: the kernel drops further ones without an answer.
class Full {
public:
    Full() : listener_(0) {
        for (auto& waiting : waiting_) {
            waiting = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            sockaddr_in place{};
            place.sin_family = AF_INET;
            place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            place.sin_port = htons(listener_.port);
            ::connect(waiting.get(), reinterpret_cast<sockaddr*>(&place), sizeof place);
        }
    }
    std::uint16_t port() const { return listener_.port; }

private:
    wmi::Listener listener_;
    std::array<Descriptor, 4> waiting_;
};

}  // namespace

TEST_CASE("ports: open, refused and silent ones, in the order of the question") {
    const wmi::Listener open(4);
    const Full full;
    const std::array ports = {closed_port(), open.port, full.port()};
    const auto seen = try_ports("127.0.0.1", ports, std::chrono::milliseconds(300));
    REQUIRE(seen.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(seen[i].port == ports.at(i));
        CHECK(seen[i].address == "127.0.0.1");
        CHECK(seen[i].detail.empty());
    }
    CHECK(seen[0].answer == PortAnswer::refused);
    CHECK(seen[1].answer == PortAnswer::open);
    CHECK(seen[2].answer == PortAnswer::silent);
}

TEST_CASE("ports: of a name with several addresses the best answer counts") {
    // Where localhost has ::1 too, that one refuses.
    const wmi::Listener open(4);
    const auto seen = try_ports("localhost", std::array{open.port});
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].answer == PortAnswer::open);
    CHECK(seen[0].address == "127.0.0.1");
}

TEST_CASE("ports: a machine without an address, and one to which no way leads") {
    const auto nameless = try_ports("no-such-machine.invalid", std::array{std::uint16_t{80}});
    REQUIRE(nameless.size() == 1);
    CHECK(nameless[0].port == 80);
    CHECK(nameless[0].answer == PortAnswer::unreachable);
    CHECK(nameless[0].address.empty());
    CHECK(nameless[0].detail.starts_with("the name no-such-machine.invalid has no address here: "));
    // A broadcast address is refused by the kernel itself, whatever networks there are.
    const auto nowhere = try_ports("255.255.255.255", std::array{std::uint16_t{80}});
    REQUIRE(nowhere.size() == 1);
    CHECK(nowhere[0].answer == PortAnswer::unreachable);
    CHECK_FALSE(nowhere[0].detail.empty());
    CHECK(try_ports("127.0.0.1", {}).empty());
}

}  // namespace fairway::network::ports_test
