// See sights.hpp.
#include "sights.hpp"

#include <arpa/inet.h>
#include <fmt/chrono.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <sstream>

namespace lab {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kNoSuchHost = 11001;  // WSAHOST_NOT_FOUND
constexpr std::uint64_t kNoAnswer = 11010;    // IP_REQ_TIMED_OUT
constexpr std::uint64_t kListen = 2;          // of MSFT_NetTCPConnection
constexpr std::uint64_t kA = 1, kAaaa = 28;   // types of DNS records

std::chrono::system_clock::time_point now_of(std::chrono::milliseconds ahead) {
    return std::chrono::system_clock::now() + ahead;
}

std::vector<std::string> looked_up(const std::string& name) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    if (::getaddrinfo(name.c_str(), nullptr, &hints, &raw) != 0) return {};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(raw, &::freeaddrinfo);
    std::vector<std::string> addresses;
    for (const auto* at = raw; at != nullptr; at = at->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(at->ai_addr, at->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
            addresses.emplace_back(text.data());
        }
    }
    return addresses;
}

}  // namespace

Moment local_time(std::chrono::milliseconds ahead) {
    const auto there = now_of(ahead) + 1h;
    const auto micros =
        std::chrono::duration_cast<std::chrono::microseconds>(there.time_since_epoch()).count() % 1000000;
    return {fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}+01:00", fmt::gmtime(std::chrono::system_clock::to_time_t(there)),
                        micros)};
}

std::string http_date(std::chrono::milliseconds ahead) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now_of(ahead))));
}

bool is_skewed(std::chrono::milliseconds ahead) { return ahead > 5min || ahead < -5min; }

std::string address_of(Host& host, const std::string& name) {
    return host.with([&](Host::State& state) {
        const auto at = std::find_if(state.resolves.begin(), state.resolves.end(),
                                     [&](const auto& entry) { return same_name(entry.first, name); });
        return at == state.resolves.end() ? name : at->second;
    });
}

Instance ping(Host& host, const std::string& name) {
    const bool answers = host.with([](Host::State& state) { return state.pings_are_answered; });
    const auto planted = address_of(host, name);
    const auto addresses = planted == name ? looked_up(name) : std::vector{planted};
    host.with([&](Host::State& state) { state.resolved[name] = addresses; });
    const bool known = !addresses.empty();
    return {"Win32_PingStatus",
            {{"Address", name},
             {"PrimaryAddressResolutionStatus", known ? std::uint64_t{0} : kNoSuchHost},
             {"ProtocolAddress", known && answers ? addresses.front() : std::string()},
             {"ResponseTime", known && answers ? Value(std::uint64_t{1}) : Value()},
             {"StatusCode", !known ? Value() : Value(answers ? std::uint64_t{0} : kNoAnswer)}}};
}

std::vector<Instance> cached_names(const Host::State& state) {
    std::vector<Instance> all;
    for (const auto& [name, addresses] : state.resolved) {
        for (const auto& address : addresses) {
            all.push_back({"MSFT_DNSClientCache",
                           {{"Data", address},
                            {"Entry", name},
                            {"Name", name},
                            {"TimeToLive", std::uint64_t{1200}},
                            {"Type", address.find(':') == std::string::npos ? kA : kAaaa}}});
        }
    }
    return all;
}

std::vector<Instance> listening_endpoints(const Estate& estate) {
    constexpr const char* kListening = "0A";
    in_addr own{};
    ::inet_pton(AF_INET, estate.address.c_str(), &own);
    const auto mine = fmt::format("{:08X}", own.s_addr);
    std::vector<Instance> all;
    std::ifstream table("/proc/net/tcp");
    for (std::string line; std::getline(table, line);) {
        std::string number, local, remote, state;
        std::istringstream(line) >> number >> local >> remote >> state;
        if (state != kListening || local.substr(0, local.find(':')) != mine) continue;
        const auto port = std::stoull(local.substr(local.find(':') + 1), nullptr, 16);
        all.push_back({"MSFT_NetTCPConnection",
                       {{"InstanceID", fmt::format("{}++{}++0.0.0.0++0", estate.address, port)},
                        {"LocalAddress", estate.address},
                        {"LocalPort", std::uint64_t{port}},
                        {"State", kListen}}});
    }
    return all;
}

}  // namespace lab
