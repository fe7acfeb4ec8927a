// A fact that a value rests on: the address, what must hold there, and why. Findings and changes carry premises, the
// plan file has them, and apply asks each of them again. How one is judged: plan/premises.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/model/snapshot.hpp"

namespace fairway {

struct Premise {
    Address address;
    Held holds;       // nothing: nothing must be there; a set: at least these; any other value: just this one
    std::string why;  // one clause, for people: what follows from it

    friend bool operator==(const Premise&, const Premise&) = default;
};

// Shared, as one premise stands for many changes: the names of a host are granted to each of its peers.
class Premises {
public:
    using Shared = std::shared_ptr<const Premise>;

    void add(Shared premise);  // unless it is there already
    void add(Premise premise) { add(std::make_shared<const Premise>(std::move(premise))); }
    void append(Shared premise) { all_.push_back(std::move(premise)); }  // it is known not to be there

    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }
    bool empty() const { return all_.empty(); }
    std::size_t size() const { return all_.size(); }

    // The first about this setting of the object; null: there is none.
    const Premise* about(const Address& address) const;

    friend bool operator==(const Premises& a, const Premises& b);

private:
    std::vector<Shared> all_;
};

}  // namespace fairway
