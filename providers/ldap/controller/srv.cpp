// See srv.hpp.
#include "providers/ldap/controller/srv.hpp"

#include <algorithm>
#include <arpa/nameser.h>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <resolv.h>
#include <tuple>

#include "engine/base/text.hpp"

namespace fairway::ldap {
namespace {

constexpr std::size_t largest_dns_answer = 65'535;
constexpr int patience_s = 3, tries = 2;  // for each DNS server

struct Resolver {
    Resolver() { ready = ::res_ninit(&state) == 0; }
    ~Resolver() {
        if (ready) ::res_nclose(&state);
    }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    struct __res_state state {};
    bool ready = false;
};

// A name that DNS gave becomes one that we connect to and ask a ticket for: letters, digits, hyphens, dots.
bool is_host(std::string_view name) {
    return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

Error unanswered(const std::string& name, int why) {
    switch (why) {
        case HOST_NOT_FOUND:
        case NO_DATA: return {Code::not_found, fmt::format("DNS has no record {}", name)};
        default: return {Code::unreachable, fmt::format("no DNS server answered when asked for {}", name)};
    }
}

}  // namespace

Result<std::vector<ServiceRecord>> look_up_services(const std::string& name) {
    const auto resolver = std::make_unique<Resolver>();
    if (!resolver->ready) return fail(Code::unreachable, "this machine's resolver cannot be set up (/etc/resolv.conf)");
    resolver->state.retrans = patience_s;
    resolver->state.retry = tries;
    std::vector<unsigned char> answer(largest_dns_answer);
    const int size =
        ::res_nquery(&resolver->state, name.c_str(), ns_c_in, ns_t_srv, answer.data(), static_cast<int>(answer.size()));
    if (size < 0) return tl::unexpected(unanswered(name, resolver->state.res_h_errno));
    auto records = read_services(std::span(answer).first(std::min(static_cast<std::size_t>(size), answer.size())));
    if (records && records->empty()) return tl::unexpected(unanswered(name, NO_DATA));
    return records;
}

Result<std::vector<ServiceRecord>> read_services(std::span<const unsigned char> answer) {
    ns_msg message{};
    if (answer.empty() || ::ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0)
        return fail(Code::protocol, "a DNS server gave an answer that is none");
    std::vector<ServiceRecord> out;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record{};
        if (::ns_parserr(&message, ns_s_an, i, &record) != 0)
            return fail(Code::protocol, "a DNS server gave an answer that ends in the middle");
        if (ns_rr_type(record) != ns_t_srv) continue;
        const unsigned char* data = ns_rr_rdata(record);
        char host[NS_MAXDNAME] = {};
        constexpr int head = 6;  // priority, weight, port
        if (ns_rr_rdlen(record) <= head ||
            ::ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), data + head, host, sizeof host) < 0)
            return fail(Code::protocol, "a DNS server gave a record SRV that cannot be read");
        const auto word = [&](int at) { return static_cast<std::uint16_t>(data[at] << 8 | data[at + 1]); };
        std::string name = text::fold(host);
        if (name.ends_with('.')) name.pop_back();
        if (name.empty()) continue;  // "the service is decidedly not available" (RFC 2782)
        if (!is_host(name)) return fail(Code::protocol, "a DNS server gave a record SRV that names no host");
        out.push_back({std::move(name), word(0), word(2), word(4)});
    }
    std::sort(out.begin(), out.end(), [](const ServiceRecord& a, const ServiceRecord& b) {
        return std::tuple(a.priority, -a.weight, a.host) < std::tuple(b.priority, -b.weight, b.host);
    });
    return out;
}

}  // namespace fairway::ldap
