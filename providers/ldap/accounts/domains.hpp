// The domains of an inventory as a handle sees them: a connection to one controller of each, and which of them holds an
// object's account. What is asked of them is not known here.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/provider.hpp"
#include "providers/ldap/accounts/asked.hpp"
#include "providers/ldap/accounts/codec.hpp"
#include "providers/ldap/controller/controllers.hpp"

namespace fairway::ldap {

// One domain's controller, and a connection to it.
template <class W>
using Domain = Controllers::Opened<W>;

// Which of several domains, by its place, holds an object's account; what it does not know is in the first.
using Territory = std::unordered_map<std::string, std::size_t>;
Territory territory(const Inventory& inventory);

template <class W>
class Domains {
public:
    Domains(std::vector<Domain<W>> all, Territory where = {}) : all_(std::move(all)), where_(std::move(where)) {}

    auto begin() { return all_.begin(); }
    auto end() { return all_.end(); }
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }
    std::size_t size() const { return all_.size(); }
    Domain<W>& operator[](std::size_t place) { return all_[place]; }

    std::size_t place_of(const std::string& object) const {
        const auto it = where_.find(object);
        return it == where_.end() ? 0 : it->second;
    }
    Domain<W>& of(const std::string& object) { return all_[place_of(object)]; }
    // What of the addresses is a thing of the directory, by the domain's place.
    std::vector<Asked> sorted(std::span<const Address> addresses) const {
        std::vector<Asked> out(size());
        for (const Address& address : addresses)
            if (find_row(address.setting)) out[place_of(address.object)][address.object].push_back(address);
        return out;
    }

    // Of all handles that share these connections.
    std::size_t requests() const {
        std::size_t sum = 0;
        for (const Domain<W>& domain : all_) sum += domain.line->requests();
        return sum;
    }

private:
    std::vector<Domain<W>> all_;
    Territory where_;
};

// Asks one domain after the other for its part: `ask(domain, its, go_on)` says whether all of it was answered. Where
// not, `lose` gets every address of that part, answered before or not: a second account of the same name might have
// come after the end. Once somebody stops it, no further domain is asked.
using GoOn = std::function<bool(std::size_t done)>;
using AskDomain = std::function<Result<void>(Domain<ReadWire>& domain, const Asked& its, const GoOn& go_on)>;
using Lose = std::function<void(const Address& address, const Error& error)>;
void ask_each(Domains<ReadWire>& domains, std::span<const Address> addresses, const Progress& progress,
              const AskDomain& ask, const Lose& lose);

}  // namespace fairway::ldap
