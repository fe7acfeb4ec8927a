// See preflight.hpp.
#include "engine/run/preflight.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "engine/base/by_key.hpp"
#include "engine/model/account_facts.hpp"
#include "engine/model/run.hpp"
#include "engine/plan/premises.hpp"
#include "engine/plan/rights.hpp"
#include "engine/plan/settle.hpp"
#include "engine/run/stale.hpp"

namespace fairway {
namespace {

std::vector<Address> questions(const std::vector<ToMake>& changes) {
    std::set<Address> out;
    for (const ToMake& one : changes) {
        out.insert(one.change->address);
        for (const auto& premise : one.change->premises) out.insert(premise->address);
    }
    return {out.begin(), out.end()};
}

// What is no longer as the plan saw it at each address: later changes of it are compared with what earlier ones leave.
std::set<Address> compare(const std::vector<ToMake>& changes, const Snapshot& snapshot,
                          std::vector<Complaint>& complaints) {
    std::map<Address, Reading> held;
    std::map<Address, Complaint> off;
    for (const ToMake& one : changes) {
        const Address& address = one.change->address;
        if (off.contains(address)) continue;
        Reading& now = held.try_emplace(address, snapshot.at(address)).first->second;
        const auto error = out_of_step(*one.change, now);
        if (error && !(one.torn && error->code == Code::stale))
            off.emplace(address, Complaint{one.change, address.object, *error});
        else if (now && *now) now = Held(lay_over(*one.change, **now));
    }
    std::set<Address> out;
    for (auto& [address, complaint] : off) {
        complaints.push_back(std::move(complaint));
        out.insert(address);
    }
    return out;
}

}  // namespace

std::vector<Complaint> preflight(const std::vector<ToMake>& changes, Reader& reader, const Progress& progress) {
    const Snapshot snapshot = reader.read(questions(changes), progress);
    std::vector<Complaint> complaints;
    const std::set<Address> off = compare(changes, snapshot, complaints);
    std::unordered_map<const Premise*, std::optional<Error>> judged;
    for (const ToMake& one : changes)
        for (const auto& premise : one.change->premises) {
            // What left the list is no longer for anybody who could be gone, and that was reported.
            if (premise->address.setting == &setting::delegation_vanished && off.contains(one.change->address))
                continue;
            const auto [it, fresh] = judged.try_emplace(premise.get());
            if (fresh) it->second = broken(*premise, snapshot.at(premise->address));
            if (it->second) complaints.push_back({one.change, premise->address.object, *it->second});
        }
    return complaints;
}

Result<void> together(const std::vector<Complaint>& complaints) {
    if (complaints.empty()) return {};
    Code code = complaints.front().why.code;
    std::vector<std::string> lines;
    std::set<std::string_view> told;
    for (const auto& of_host : by_key(complaints, [](const Complaint& one) { return std::string_view(one.host); }))
        for (const Complaint* one : of_host) {
            const Code its = one->why.code;
            if (its == Code::stale || (its == Code::refused && code != Code::stale)) code = its;
            if (told.insert(one->why.text).second) lines.push_back(one->why.text);
        }
    return fail(code, text::join(lines, "\n"));
}

Result<void> permitted(const std::vector<ToMake>& changes, RightsReader& rights, const Progress& progress) {
    std::set<Address> left;
    for (const ToMake& one : changes) left.insert(one.change->address);
    const std::vector<Address> addresses(left.begin(), left.end());
    return check_rights(rights.may_write(addresses, progress));
}

}  // namespace fairway
