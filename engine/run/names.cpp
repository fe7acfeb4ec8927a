// See names.hpp.
#include "engine/run/names.hpp"

#include "engine/model/catalogue.hpp"
#include "engine/plan/spn_health.hpp"

namespace fairway {

namespace {

std::map<std::string, std::vector<std::string>> delegations(Reader& lists, std::span<const Host> hosts) {
    std::vector<Address> addresses;
    for (const Host& host : hosts) addresses.push_back({host.name, &setting::delegation_services});
    const Snapshot snapshot = lists.read(addresses);
    std::map<std::string, std::vector<std::string>> out;
    for (const Address& address : addresses) {
        const Reading& reading = snapshot.at(address);
        if (reading && *reading) out[address.object].assign(as_set(**reading)->begin(), as_set(**reading)->end());
    }
    return out;
}

}  // namespace

Result<RegisteredNames> observe_names(NameReader& reader, Reader& lists, std::span<const Host> hosts, bool wide) {
    Result<RegisteredNames> names = reader.names(question_about(hosts, wide));
    if (!names) return names;
    names->delegations = delegations(lists, hosts);
    const NameQuestion further = further_question(*names);
    if (further.empty()) return names;
    Result<RegisteredNames> more = reader.names(further);
    if (!more) return more;
    add_owners(*names, std::move(more->owners));
    // The catalogue may have gone away between the rounds.
    if (names->caveat.empty()) names->caveat = more->caveat;
    return names;
}

}  // namespace fairway
