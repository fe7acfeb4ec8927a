// A reader that also knows which computers are gone. `delegation.vanished` stands at no address: it is made of hosts'
// lists of delegation, which the reader within reads, and of what the forest's names say of the computers in them. So
// whoever reads - an audit, a plan, an apply before it writes - gets it like any other value. Judges nothing itself.
#pragma once

#include <memory>
#include <vector>

#include "engine/run/names.hpp"

namespace fairway {

class VanishedReader : public Reader {
public:
    // `hosts`: the inventory's, to which the addresses belong.
    VanishedReader(std::unique_ptr<Reader> within, std::vector<Host> hosts, OpenNames open)
        : within_(std::move(within)), hosts_(std::move(hosts)), forest_(std::move(open)) {}

    // What cannot be known for sure - the question failed, only a part of the forest was searched, accounts are hidden
    // from the caller - is an Error; but where everything that a list names is somebody, nothing of it has vanished.
    Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) override;

private:
    void fill(Snapshot& snapshot, std::span<const Address> asked);
    Result<RegisteredNames> ask(const RegisteredNames& lists);

    std::unique_ptr<Reader> within_;
    std::vector<Host> hosts_;
    Forest forest_;
};

}  // namespace fairway
