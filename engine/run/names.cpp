// See names.hpp.
#include "engine/run/names.hpp"

#include <fmt/format.h>

#include "engine/model/delegation_settings.hpp"
#include "engine/names/spn_health.hpp"

namespace fairway {

namespace {

std::map<std::string, Set> delegations(Reader& lists, std::span<const Host> hosts) {
    std::vector<Address> addresses;
    for (const Host& host : hosts) addresses.push_back({host.name, &setting::delegation_services});
    const Snapshot snapshot = lists.read(addresses);
    std::map<std::string, Set> out;
    for (const Address& address : addresses) {
        const Reading& reading = snapshot.at(address);
        if (reading && *reading) out[address.object] = *as_set(**reading);
    }
    return out;
}

}  // namespace

Result<NameReader*> Forest::names() {
    if (names_) return names_.get();
    auto opened = open_();
    if (!opened) return tl::unexpected(opened.error());
    names_ = std::move(*opened);
    return names_.get();
}

Result<RegisteredNames> observe_names(NameReader& reader, Reader& lists, std::span<const Host> hosts, bool wide) {
    Result<RegisteredNames> names = reader.names(question_about(hosts, wide));
    if (!names) return names;
    names->delegations = delegations(lists, hosts);
    if (auto asked = ask_further(reader, *names); !asked) return tl::unexpected(asked.error());
    return names;
}

Result<void> ask_further(NameReader& reader, RegisteredNames& names) {
    const NameQuestion further = further_question(names);
    if (further.empty()) return {};
    Result<RegisteredNames> more = reader.names(further);
    if (!more) return tl::unexpected(more.error());
    add_owners(names, std::move(more->owners));
    // The catalogue may have gone away between the rounds.
    if (names.caveat.empty()) names.caveat = more->caveat;
    if (names.caveat.empty() && further.accounts.size() >= most_further)
        names.caveat =
            fmt::format("only the first {} of the computers that the names speak of were looked for", most_further);
    return {};
}

}  // namespace fairway
