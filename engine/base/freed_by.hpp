// How a C library's thing goes when its std::unique_ptr does: FreedBy<the library's function>.
#pragma once

namespace fairway {

template <auto Free>
struct FreedBy {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};

}  // namespace fairway
