// A reader that also knows whose names a host's names are, and which suffixes its domain allows. These facts stand at
// no address: they are made of what the reader within reads of the account and of what the forest says of the names. So
// whoever reads - a plan, an apply before it writes - gets them like any other value. Judges nothing itself.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/run/names.hpp"

namespace fairway {

class OwnNamesReader : public Reader {
public:
    // `hosts`: the inventory's, to which the addresses belong.
    OwnNamesReader(std::unique_ptr<Reader> within, std::vector<Host> hosts, OpenNames open)
        : within_(std::move(within)), hosts_(std::move(hosts)), forest_(std::move(open)) {}

    // The forest is asked once for all names of one call. What a call asks for nothing but these facts is made of what
    // this reader read of the accounts before, if it did: the second round of a survey costs no account again. A call
    // that asks for a value as well, as an apply does, reads the accounts anew. Where only a part of it was searched,
    // nobody can say that a name is nobody else's: that is an Error.
    Snapshot read(std::span<const Address> addresses, const Progress& progress = {}) override;

private:
    struct Asked;
    Snapshot read_within(std::vector<Address> addresses, bool anew, const Progress& progress);
    void fill(Snapshot& snapshot, const Asked& asked);
    Result<Set> suffixes_of(const Host& host);
    Result<std::string> full_name_of(const Host& host, const Snapshot& snapshot);
    Result<RegisteredNames> names_of(const std::vector<Host>& hosts);

    std::unique_ptr<Reader> within_;
    std::vector<Host> hosts_;
    Forest forest_;
    Readings accounts_;                            // what the facts are made of, as it was read last
    std::map<std::string, Result<Set>> suffixes_;  // by domain
};

}  // namespace fairway
