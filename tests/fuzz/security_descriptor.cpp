// Security descriptors and the SIDs in them: bytes that a directory holds, and edits of them.
#include <algorithm>

#include "providers/ldap/identity/acting.hpp"
#include "tests/fuzz/law.hpp"

using namespace fairway;
using fairway::fuzz::law;

namespace {

std::vector<std::string> entries_of(const ldap::Descriptor& descriptor) {
    std::vector<std::string> out;
    for (const ldap::Ace& ace : descriptor.dacl->entries) out.push_back(ace.bytes);
    return out;
}

bool is_within(const std::vector<std::string>& few, const std::vector<std::string>& many) {
    auto at = many.begin();
    for (const std::string& one : few) {
        at = std::find(at, many.end(), one);
        if (at++ == many.end()) return false;
    }
    return true;
}

void check_sid(const ldap::Sid& sid) {
    const auto by_text = ldap::parse_sid_text(ldap::show_sid(sid));
    law(by_text && *by_text == sid, "a SID is read as it is shown");
    const auto by_bytes = ldap::parse_sid(ldap::sid_bytes(sid));
    law(by_bytes && *by_bytes == sid, "a SID is read as it is written");
}

// One that the list may know already.
void check_known(const ldap::Descriptor& descriptor, const ldap::Sid& sid) {
    check_sid(sid);
    const auto before = ldap::who_may_act(descriptor);
    const auto allowed = ldap::allow(descriptor, sid);
    if (before.denied.contains(sid)) law(!allowed, "who is denied cannot be allowed by one more entry");
    if (before.allowed.contains(sid)) law(allowed && *allowed == descriptor, "who is allowed is not allowed again");
    const auto without = ldap::disallow(descriptor, sid);
    law(without.has_value(), "an entry can always be taken away");
    law(without->removed == entries_of(descriptor).size() - entries_of(without->descriptor).size() &&
            is_within(entries_of(without->descriptor), entries_of(descriptor)),
        "disallowing takes entries away, and leaves the others in order");
    auto after = ldap::who_may_act(without->descriptor), others = before;
    law(after.allowed.contains(sid) == without->remains, "what remains is said");
    law(ldap::descriptor_bytes(without->descriptor).has_value(), "what became shorter can be written");
    for (auto* acting : {&after, &others}) {
        acting->allowed.erase(sid);
        acting->denied.erase(sid);
    }
    law(after.allowed == others.allowed && after.denied == others.denied, "nobody else is touched");
}

void check_fresh(const ldap::Descriptor& descriptor) {
    const ldap::Sid fresh{0xFEDCBA987654, {1, 2, 3}};
    for (const ldap::Ace& ace : descriptor.dacl->entries)
        if (ace.grant && ace.grant->sid == fresh) return;
    const auto more = ldap::allow(descriptor, fresh);
    if (!more) return law(ldap::size_of(*descriptor.dacl) > 60000, "whoever is not known can be allowed");
    const auto bytes = ldap::descriptor_bytes(*more);
    law(bytes.has_value(), "an allowance can be written");
    const auto read = ldap::parse_descriptor(*bytes);
    law(read && *read == *more, "what is written is read as the same");
    law(entries_of(*more).size() == entries_of(descriptor).size() + 1 &&
            is_within(entries_of(descriptor), entries_of(*more)),
        "every other entry stays, byte for byte and in order");
    auto wanted = ldap::who_may_act(descriptor);
    wanted.allowed.insert(fresh);
    law(ldap::who_may_act(*more) == wanted, "one more may act, and nothing else changes");
    const auto back = ldap::disallow(*more, fresh);
    law(back && back->descriptor == descriptor && back->removed == 1 && !back->remains,
        "allowed and disallowed, it is what it was");
}

void check_new(const std::vector<ldap::Sid>& sids) {
    const ldap::Descriptor made = ldap::fresh(sids);
    const auto bytes = ldap::descriptor_bytes(made);
    const auto read = bytes ? ldap::parse_descriptor(*bytes) : tl::unexpected(bytes.error());
    law(read && *read == made, "a new descriptor is read as it was made");
    const ldap::Acting wanted{.everybody = false, .allowed = {sids.begin(), sids.end()}, .denied = {}, .unclear = 0};
    law(ldap::who_may_act(made) == wanted, "by a new descriptor those may act that it was made for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    if (const auto sid = ldap::parse_sid(input)) {
        check_sid(*sid);
        law(ldap::sid_bytes(*sid) == input, "a SID is written as it was read");
    }
    if (const auto sid = ldap::parse_sid_text(input)) check_sid(*sid);
    const auto read = ldap::parse_descriptor(input);
    if (!read) return law(!read.error().text.empty(), "every refusal has words"), 0;
    const auto written = ldap::descriptor_bytes(*read);
    law(written && *written == input, "a descriptor that nobody changed is written as it was read");
    if (read->owner) check_sid(*read->owner);
    if (!read->dacl) {
        law(ldap::who_may_act(*read).everybody, "without a list everybody may act");
        law(!ldap::allow(*read, {5, {1}}) && !ldap::disallow(*read, {5, {1}}), "without a list nothing is edited");
        return 0;
    }
    check_fresh(*read);
    std::set<ldap::Sid> known;
    for (const ldap::Ace& ace : read->dacl->entries)
        if (ace.grant && known.size() < 20) known.insert(ace.grant->sid);
    for (const ldap::Sid& sid : known) check_known(*read, sid);
    check_new({known.begin(), known.end()});
    return 0;
}
