// See questions.hpp. Facts: WMI-100 to WMI-103.
#include "providers/wmi/sights/questions.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "engine/base/subnet.hpp"
#include "providers/wmi/wsman/soap.hpp"

namespace fairway::wmi {
namespace {

constexpr std::string_view of_windows = "root/cimv2", of_network = "root/StandardCimv2";

WqlQuestion question(std::string_view wmi_namespace, std::string wql) {
    return {soap::resource(wmi_namespace, "*"), std::move(wql)};
}

// An answer that a host has one of.
Result<const cim::Instance*> only_one(const std::vector<cim::Instance>& answer, std::string_view class_name) {
    if (answer.size() == 1) return &answer.front();
    return fail(Code::protocol, fmt::format("the host shows {} instances of {}", answer.size(), class_name));
}

}  // namespace

WqlQuestion ask_clock() { return question(of_windows, "SELECT LocalDateTime FROM Win32_OperatingSystem"); }

Result<ShownTime> read_clock(const std::vector<cim::Instance>& answer) {
    const auto one = only_one(answer, "Win32_OperatingSystem");
    if (!one) return tl::unexpected(one.error());
    const auto time = (*one)->datetime("LocalDateTime");
    if (!time) return tl::unexpected(time.error());
    if (!*time || (*time)->interval) return fail(Code::protocol, "Win32_OperatingSystem shows no LocalDateTime");
    constexpr std::int64_t second = 1'000'000;
    return ShownTime{(*time)->us / 1000, (*time)->us % second == 0 ? 1000 : 1};
}

WqlQuestion ask_listening() {
    constexpr int listen = 2;
    return question(of_network, fmt::format("SELECT LocalPort FROM MSFT_NetTCPConnection WHERE State = {}", listen));
}

Result<std::set<std::uint16_t>> read_listening(const std::vector<cim::Instance>& answer) {
    std::set<std::uint16_t> out;
    for (const cim::Instance& connection : answer) {
        const auto port = connection.integer("LocalPort");
        if (!port) return tl::unexpected(port.error());
        if (!*port || **port > 0xffff)
            return fail(Code::protocol, "a listening MSFT_NetTCPConnection shows no LocalPort");
        out.insert(static_cast<std::uint16_t>(**port));
    }
    return out;
}

WqlQuestion ask_ping(const std::string& name) {
    return question(of_windows, fmt::format("SELECT ProtocolAddress, PrimaryAddressResolutionStatus FROM "
                                            "Win32_PingStatus WHERE Address = {}",
                                            soap::wql_literal(name)));
}

Result<Pinged> read_ping(const std::vector<cim::Instance>& answer) {
    constexpr std::uint64_t found = 0, no_such_name = 11001, no_address = 11004;
    const auto one = only_one(answer, "Win32_PingStatus");
    if (!one) return tl::unexpected(one.error());
    const auto status = (*one)->integer("PrimaryAddressResolutionStatus");
    if (!status) return tl::unexpected(status.error());
    if (!*status) return fail(Code::protocol, "Win32_PingStatus does not say whether it resolved the name");
    if (**status == no_such_name || **status == no_address) return Pinged{false};
    if (**status != found)
        return fail(Code::unreachable, fmt::format("the host's resolver could not resolve that name ({})", **status));
    const std::string address = (*one)->text("ProtocolAddress").value_or("");
    if (address.empty()) return Pinged{};
    const auto parsed = parse_address(std::string_view(address).substr(0, address.find('%')));  // without its zone
    if (!parsed) return fail(Code::protocol, "Win32_PingStatus shows a ProtocolAddress that is none");
    return Pinged{true, show(*parsed)};
}

WqlQuestion ask_resolver_cache(const std::string& name) {
    return question(of_network, fmt::format("SELECT Data, Type FROM MSFT_DNSClientCache WHERE Entry = {}",
                                            soap::wql_literal(name)));
}

std::vector<std::string> read_resolver_cache(const std::vector<cim::Instance>& answer) {
    constexpr std::uint64_t a = 1, aaaa = 28;
    std::vector<std::string> out;
    for (const cim::Instance& record : answer) {
        const auto type = record.integer("Type");
        if (!type || (*type != a && *type != aaaa)) continue;
        const auto address = parse_address(record.text("Data").value_or(""));
        if (address && std::find(out.begin(), out.end(), show(*address)) == out.end()) out.push_back(show(*address));
    }
    return out;
}

}  // namespace fairway::wmi
