// Names of the error codes, as they stand in JSON output and in the journal.
#include "engine/base/error.hpp"

namespace fairway {

std::string_view name(Code code) {
    switch (code) {
        case Code::bad_input: return "bad_input";
        case Code::unreachable: return "unreachable";
        case Code::denied: return "denied";
        case Code::not_found: return "not_found";
        case Code::stale: return "stale";
        case Code::unsupported: return "unsupported";
        case Code::protocol: return "protocol";
        case Code::storage: return "storage";
        case Code::refused: return "refused";
    }
    return "unknown";
}

}  // namespace fairway
