// See preflight.hpp.
#include "engine/run/preflight.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "engine/model/catalogue.hpp"
#include "engine/model/run.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/rights.hpp"
#include "engine/plan/settle.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

// The sentences, and the code that the gravest of them ends the run with.
struct Complaints {
    std::vector<std::string> lines;
    Code code = Code::unreachable;

    void tell(const Error& error) {
        const bool first_line = lines.empty() && code == Code::unreachable;
        if (error.code == Code::stale || (error.code == Code::refused && code != Code::stale) || first_line)
            code = error.code;
        lines.push_back(error.text);
    }
};

std::vector<Address> questions(const std::vector<ToMake>& changes) {
    std::set<Address> out;
    for (const ToMake& one : changes) {
        out.insert(one.change->address);
        for (const auto& premise : one.change->premises) out.insert(premise->address);
    }
    return {out.begin(), out.end()};
}

// What is no longer as the plan saw it at each address: later changes of it are compared with what earlier ones leave.
std::set<Address> compare(const std::vector<ToMake>& changes, const Snapshot& snapshot, Complaints& complaints) {
    std::map<Address, Reading> held;
    std::map<Address, Error> off;
    for (const ToMake& one : changes) {
        const Address& address = one.change->address;
        if (off.contains(address)) continue;
        Reading& now = held.try_emplace(address, snapshot.at(address)).first->second;
        const auto error = out_of_step(*one.change, now);
        if (error && !(one.torn && error->code == Code::stale)) off.emplace(address, *error);
        else if (now && *now) now = Held(lay_over(*one.change, **now));
    }
    std::set<Address> out;
    for (const auto& [address, error] : off) {
        complaints.tell(error);
        out.insert(address);
    }
    return out;
}

}  // namespace

Result<void> preflight(const std::vector<ToMake>& changes, Reader& reader, const Progress& progress) {
    const Snapshot snapshot = reader.read(questions(changes), progress);
    Complaints complaints;
    const std::set<Address> off = compare(changes, snapshot, complaints);
    std::set<const Premise*> asked;
    for (const ToMake& one : changes)
        for (const auto& premise : one.change->premises) {
            // What left the list is no longer for anybody who could be gone, and that was told.
            const bool told = premise->address.setting == &setting::delegation_vanished && off.contains(one.change->address);
            if (told || !asked.insert(premise.get()).second) continue;
            if (const auto gone = broken(*premise, snapshot.at(premise->address))) complaints.tell(*gone);
        }
    if (complaints.lines.empty()) return {};
    return fail(complaints.code, text::join(complaints.lines, "\n"));
}

Result<void> preflight(const Plan& plan, Reader& reader, const Progress& progress) {
    std::vector<ToMake> all;
    for (const Change* change : numbered(plan)) all.push_back({change, false});
    return preflight(all, reader, progress);
}

Result<void> permitted(const std::vector<ToMake>& changes, RightsReader& rights, const Progress& progress) {
    std::set<Address> left;
    for (const ToMake& one : changes) left.insert(one.change->address);
    const std::vector<Address> addresses(left.begin(), left.end());
    return check_rights(rights.may_write(addresses, progress));
}

}  // namespace fairway
