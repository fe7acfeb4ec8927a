// Reads what the forest says of service principal names, in as few rounds as the judgement needs: the hosts' own first,
// then the strangers that those and the lists of delegation speak of. Judges nothing.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "engine/provider.hpp"

namespace fairway {

// Called when the forest must be asked, and not before: most estates need no answer of it.
using OpenNames = std::function<Result<std::unique_ptr<NameReader>>()>;

// The forest's names, opened at the first question and kept.
class Forest {
public:
    explicit Forest(OpenNames open) : open_(std::move(open)) {}
    Result<NameReader*> names();

private:
    OpenNames open_;
    std::unique_ptr<NameReader> names_;
};

// `wide`: and every name of Hyper-V's services in the forest. `lists` reads what the hosts may delegate to; a list that
// cannot be read is left out, as an audit says why.
Result<RegisteredNames> observe_names(NameReader& reader, Reader& lists, std::span<const Host> hosts, bool wide);

// Asks about the strangers, where there are any; where not all of them could be asked about, the caveat says so.
Result<void> ask_further(NameReader& reader, RegisteredNames& names);

}  // namespace fairway
