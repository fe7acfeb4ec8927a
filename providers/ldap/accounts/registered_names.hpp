// Which accounts of the forest hold which service principal names: asked of the global catalogue, about a hundred names
// at a time. What is wrong with them is not known here.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/provider.hpp"
#include "providers/ldap/accounts/accounts.hpp"
#include "providers/ldap/controller/controllers.hpp"
#include "providers/ldap/wire/line.hpp"

namespace fairway::ldap {

inline constexpr std::size_t names_per_search = 100;

// The question as filters of at most names_per_search parts each.
std::vector<Filter> filters_for(const NameQuestion& question);

// Every account below `base` that fits, once. An Error as a whole: nothing is known.
Result<std::vector<NameOwner>> read_owners(ReadWire& wire, const std::string& base, const NameQuestion& question);

// The values of sPNMappings: "host=alerter,appmgmt,…" (MS-ADA3 2.270). What has another form is left out.
std::vector<NameAlias> parse_mappings(std::span<const std::string> values);
Result<std::vector<NameAlias>> read_mappings(ReadWire& wire, const std::string& configuration_context);

// The suffixes that a domain allows (msDS-AllowedDNSSuffixes of its head, MS-ADA2); what is no text is left out.
Result<Set> read_dns_suffixes(ReadWire& wire, const std::string& domain_context);

// Where the names are asked for, and what else must be known.
struct Catalogue {
    std::shared_ptr<Line<ReadWire>> line;
    std::string base;    // "" for the whole forest (MS-ADTS 3.1.1.3.1.2: a global catalogue's port)
    std::string source;  // for people
    std::string caveat;  // why it is not the whole forest
    std::vector<NameAlias> aliases;
};

class RegisteredNameReader final : public NameReader {
public:
    RegisteredNameReader(Catalogue catalogue, std::shared_ptr<Controllers> controllers)
        : catalogue_(std::move(catalogue)), controllers_(std::move(controllers)) {}

    Result<RegisteredNames> names(const NameQuestion& question) override;
    Result<Set> dns_suffixes(const std::string& domain) override;  // the catalogue does not have them
    std::size_t requests() const { return catalogue_.line->requests(); }

private:
    Catalogue catalogue_;
    std::shared_ptr<Controllers> controllers_;
};

}  // namespace fairway::ldap
