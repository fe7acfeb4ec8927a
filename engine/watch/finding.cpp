// See finding.hpp.
#include "engine/watch/finding.hpp"

namespace fairway::watch {

std::string_view name(Sort sort) {
    switch (sort) {
        case Sort::value: return "value";
        case Sort::estate: return "estate";
        case Sort::unread: return "unread";
        case Sort::audit: break;
    }
    return "audit";
}

std::string_view name(Fate fate) {
    switch (fate) {
        case Fate::complies: return "complies";
        case Fate::excepted: return "excepted";
        case Fate::absent: return "absent";
        case Fate::not_asked: return "not_asked";
        case Fate::unread: break;
    }
    return "unread";
}

std::string_view words(Fate fate) {
    switch (fate) {
        case Fate::complies: return "it complies again";
        case Fate::excepted: return "an exception covers it";
        case Fate::absent: return "the host or account has no such property any more";
        case Fate::not_asked: return "policy and inventory do not ask for it any more";
        case Fate::unread: break;
    }
    return "it could not be read";
}

}  // namespace fairway::watch
