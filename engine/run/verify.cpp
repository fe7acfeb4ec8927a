// See verify.hpp.
#include "engine/run/verify.hpp"

#include <fmt/format.h>

#include "engine/model/host_facts.hpp"
#include "engine/plan/tour.hpp"

namespace fairway {
namespace {

// The host of the domain on which the VM is now.
Result<std::string> whereabouts(const MigrationDomain& domain, const std::string& vm, Reader& reader) {
    std::vector<Address> questions;
    for (const std::string& host : domain.hosts) questions.push_back({host, &setting::host_machines});
    const Snapshot snapshot = observe(reader, questions);
    std::optional<Error> unread;
    for (const Address& address : questions) {
        const Reading& machines = snapshot.at(address);
        if (!machines) unread = machines.error();
        else if (*machines && as_set(**machines)->contains(vm)) return address.object;
    }
    if (unread) return tl::unexpected(*unread);
    return fail(Code::not_found,
                fmt::format("no host of migration domain {} has the VM {}: nothing was proved there", domain.name, vm));
}

}  // namespace

Snapshot observe(Reader& reader, const std::vector<Address>& questions, const Progress& progress) {
    return reader.read(questions, progress);
}

std::vector<Trial> try_moves(const Inventory& inventory, const TrialMoves& wanted, Reader& reader, Mover& mover,
                             const std::function<bool(const Trial&)>& go_on,
                             const std::function<void(const TrialMove&, int percent)>& moving) {
    std::vector<Trial> out;
    for (const MigrationDomain& domain : inventory.domains) {
        const Result<std::string> start = whereabouts(domain, wanted.vm, reader);
        if (!start) {
            out.push_back({{wanted.vm, domain.name, domain.name, wanted.storage}, tl::unexpected(start.error())});
            if (!go_on(out.back())) return out;
            continue;
        }
        for (const Leg& leg : tour(domain.hosts, *start, wanted.pairs)) {
            TrialMove move{wanted.vm, leg.from, leg.to, wanted.storage};
            Result<MoveProof> proof = mover.move(move, [&](int percent) {
                if (moving) moving(move, percent);
            });
            out.push_back({std::move(move), std::move(proof)});
            if (!go_on(out.back())) return out;
            if (!out.back().proof) break;
        }
    }
    return out;
}

}  // namespace fairway
