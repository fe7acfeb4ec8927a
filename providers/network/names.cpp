// See names.hpp.
#include "providers/network/names.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <optional>
#include <sys/socket.h>

#include "engine/base/freed_by.hpp"
#include "engine/base/text.hpp"

namespace fairway::network {
namespace {

using Places = std::unique_ptr<addrinfo, FreedBy<::freeaddrinfo>>;

Result<Places> look_up(const std::string& name, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(name.c_str(), nullptr, &hints, &found);
    if (code == 0) return Places(found);
    const bool unknown = code == EAI_NONAME || code == EAI_NODATA;
    return fail(unknown ? Code::not_found : Code::unreachable,
                fmt::format("the name {} has no address here: {}", name, ::gai_strerror(code)));
}

// Empty: it has none.
std::optional<std::string> name_of(const addrinfo& place, int flags) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(place.ai_addr, place.ai_addrlen, text.data(), text.size(), nullptr, 0, flags) != 0)
        return std::nullopt;
    return std::string(text.data());
}

}  // namespace

Result<std::vector<std::string>> addresses_of(const std::string& name) {
    const auto places = look_up(name, 0);
    if (!places) return tl::unexpected(places.error());
    std::vector<std::string> out;
    for (const addrinfo* place = places->get(); place != nullptr; place = place->ai_next) {
        auto address = name_of(*place, NI_NUMERICHOST);
        if (!address || std::find(out.begin(), out.end(), *address) != out.end()) continue;
        if (out.size() < most_addresses) out.push_back(std::move(*address));
    }
    return out;
}

Result<NameSeen> resolve(const std::string& name) {
    auto addresses = addresses_of(name);
    if (!addresses && addresses.error().code == Code::not_found) return NameSeen{};
    if (!addresses) return tl::unexpected(addresses.error());
    NameSeen out;
    for (const std::string& address : *addresses) {
        const auto place = look_up(address, AI_NUMERICHOST);
        if (!place) continue;
        if (const auto back = name_of(**place, NI_NAMEREQD)) out.back.insert(text::fold(*back));
    }
    out.addresses = std::move(*addresses);
    return out;
}

}  // namespace fairway::network
