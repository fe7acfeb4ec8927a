// The names of a forest from several sides: who holds a name, which accounts stand for a computer, what an alias leads
// to. Judges nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/model/inventory.hpp"
#include "engine/model/registered_names.hpp"

namespace fairway {

using Owners = std::vector<const NameOwner*>;

inline constexpr std::string_view host_class = "HOST";
std::string service_name(std::string_view service_class, std::string_view host);
std::string account_of(const Host& host);          // its sAMAccountName
std::string account_named(std::string_view host);  // of the computer that such a name, short or full, is called after

// Keys that compare without case, and are looked up without being copied.
struct FoldedHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const;
};
struct FoldedEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const;
};

// Points into the names it is made of, which must outlive it.
class NameIndex {
public:
    explicit NameIndex(const RegisteredNames& names);

    const RegisteredNames& names() const { return names_; }
    const std::map<std::string, Owners>& by_name() const { return holders_; }  // keys without case

    Owners holders(std::string_view name) const;

    // The name that serves where nobody holds class/host itself, like HOST/host; empty: there is none.
    std::string served_by(std::string_view service_class, std::string_view host) const;

    // The accounts that stand for a computer of that name, short or full.
    std::set<const NameOwner*> computers(std::string_view host) const;

    // Whether an account holds the service's name, or the one that serves it, or is the computer that it speaks of.
    bool has_somebody_for(std::string_view service) const;

    // The host's own account. Two domains of a forest may each have an HV01$: the full name distinguishes them.
    const NameOwner* account(const Host& host) const;

private:
    void take(const NameOwner& owner);

    const RegisteredNames& names_;
    std::map<std::string, Owners> holders_;
    std::unordered_map<std::string, std::set<const NameOwner*>, FoldedHash, FoldedEqual> computers_;
    std::map<std::string, Owners> accounts_;
    std::map<std::string, std::string> aliases_;
};

}  // namespace fairway
