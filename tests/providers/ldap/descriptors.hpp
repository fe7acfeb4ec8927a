// Security descriptors for tests: two that Samba 4.17 wrote, and drafts of any shape, put together by hand and not
// by the writer that is tested.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hex.hpp"
#include "providers/ldap/identity/descriptor.hpp"

namespace fairway::ldap::sample {

// msDS-AllowedToActOnBehalfOfOtherIdentity after `samba-tool delegation add-principal` for the accounts 1102 and 1104.
inline const char* const two_hosts =
    "010004801400000000000000000000002400000001020000000000052000000020020000040050000200000000002400"
    "ff010f00010500000000000515000000ee878c88624dbeb5d414d98a4e04000000002400ff010f000105000000000005"
    "15000000ee878c88624dbeb5d414d98a50040000";

// nTSecurityDescriptor of a provisioned object.
inline const char* const operation =
    "010007841400000030000000000000004c000000010500000000000515000000ee878c88624dbeb5d414d98a07020000"
    "010500000000000515000000ee878c88624dbeb5d414d98a0702000004009c000500000000002400ff010f0001050000"
    "0000000515000000ee878c88624dbeb5d414d98a0002000000001400ff010f0001010000000000051200000000001400"
    "9400020001010000000000050b00000000122400ff010f00010500000000000515000000ee878c88624dbeb5d414d98a"
    "0702000000122400bd010f00010500000000000515000000ee878c88624dbeb5d414d98a00020000";

inline Sid sid(std::uint32_t rid) { return {5, {21, 2290911214, 3049147746, 2329482452, rid}}; }

inline std::string number_bytes(std::size_t number, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(number >> (8 * i) & 0xFF);
    return out;
}

// `between` stands before the SID of an object entry (types 5 to 8).
inline std::string ace_bytes(std::uint8_t type, std::uint8_t flags, std::uint32_t mask, const Sid& who,
                             const std::string& between = {}) {
    const std::string body =
        number_bytes(mask, 4) + (type >= 5 && type <= 8 ? between : std::string()) + sid_bytes(who);
    return number_bytes(type, 1) + number_bytes(flags, 1) + number_bytes(4 + body.size(), 2) + body;
}

struct Draft {
    std::vector<Descriptor::Part> order = {Descriptor::Part::owner, Descriptor::Part::dacl};
    std::uint16_t control = 0x8004;
    std::uint8_t revision = 4;
    std::vector<std::string> entries;
    std::string slack, gap;

    std::string bytes() const {
        using Part = Descriptor::Part;
        std::string list;
        for (const std::string& entry : entries) list += entry;
        list = number_bytes(revision, 2) + number_bytes(8 + list.size() + slack.size(), 2) +
               number_bytes(entries.size(), 2) + number_bytes(0, 2) + list + slack;
        std::size_t where[5] = {};
        std::string body;
        for (const Part part : order) {
            where[static_cast<std::size_t>(part)] = 20 + body.size();
            if (part == Part::owner) body += sid_bytes({5, {32, 544}});
            if (part == Part::group) body += sid_bytes(sid(513));
            if (part == Part::sacl) body += from_hex("04 00 0800 0000 0000");
            if (part == Part::dacl) body += list;
            if (part == Part::gap) body += gap;
        }
        return number_bytes(1, 2) + number_bytes(control, 2) + number_bytes(where[0], 4) + number_bytes(where[1], 4) +
               number_bytes(where[2], 4) + number_bytes(where[3], 4) + body;
    }
};

}  // namespace fairway::ldap::sample
