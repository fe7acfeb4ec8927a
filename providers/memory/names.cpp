// See names.hpp.
#include "providers/memory/names.hpp"

#include "engine/model/account_facts.hpp"
#include "engine/model/delegation_settings.hpp"
#include "providers/memory/edit.hpp"

namespace fairway::memory {
namespace {

// A computer's setting, or its planted fault; nothing where it is not set.
template <class T>
Result<T> setting_of(const World& world, const std::string& computer, const Setting& row) {
    const Reading reading = read_from(world, {computer, &row});
    if (!reading) return tl::unexpected(reading.error());
    const T* value = *reading ? std::get_if<T>(&**reading) : nullptr;
    return value ? *value : T();
}

Result<NameOwner> account_of(const World& world, const std::string& computer) {
    const auto names = setting_of<Set>(world, computer, setting::spn_migration);
    if (!names) return tl::unexpected(names.error());
    const auto dns = setting_of<std::string>(world, computer, setting::account_dns_name);
    if (!dns) return tl::unexpected(dns.error());
    const auto sid = setting_of<std::string>(world, computer, setting::account_sid);
    if (!sid) return tl::unexpected(sid.error());
    const auto flags = setting_of<Set>(world, computer, setting::account_flags);
    if (!flags) return tl::unexpected(flags.error());
    NameOwner out{.dn = "CN=" + computer + ",CN=Computers",
                  .account = computer + "$",
                  .dns = *dns,
                  .object_class = "computer",
                  .enabled = !flags->contains("accountdisable"),
                  .names = {names->begin(), names->end()},
                  .sid = *sid,
                  .controller = flags->contains("server_trust_account") || flags->contains("partial_secrets_account")};
    out.names.push_back("HOST/" + computer);
    if (!dns->empty()) out.names.push_back("HOST/" + *dns);
    return out;
}

}  // namespace

Result<RegisteredNames> names_in(const World& world, const NameQuestion& question) {
    RegisteredNames out;
    // Of what every forest has in sPNMappings, the classes that matter here.
    out.aliases = {{"host", {"cifs", "http", "rpcss", "time", "www"}}};
    for (const auto& [kind, object] : world.objects) {
        if (kind != Kind::computer) continue;
        Result<NameOwner> owner = account_of(world, object);
        if (!owner) return tl::unexpected(owner.error());
        if (fits(question, *owner)) out.owners.push_back(std::move(*owner));
    }
    for (const NameOwner& owner : world.others)
        if (fits(question, owner)) out.owners.push_back(owner);
    return out;
}

}  // namespace fairway::memory
