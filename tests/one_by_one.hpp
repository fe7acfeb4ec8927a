// A writer of a test that makes one change after the other.
#pragma once

#include "engine/provider.hpp"

namespace fairway {

struct OneByOne : Writer {
    virtual Result<void> make(const Address& address, const Value& before, const Value& after) = 0;
    void write_all(std::span<const Write> writes, const MayBegin& may_begin, const WriteAnswered& answered) override {
        for (std::size_t i = 0; i < writes.size(); ++i)
            answered(i, may_begin() ? std::optional(make(writes[i].address, writes[i].before, writes[i].after))
                                    : std::nullopt);
    }
};

}  // namespace fairway
