// See belief.hpp.
#include "providers/wmi/belief.hpp"

#include <algorithm>
#include <array>

namespace fairway::wmi {
namespace {

struct Row {
    Fate fate;
    Then question;      // Repeat::safe
    Then act, tls_act;  // Repeat::never; of a Pull too, since the first may have taken what a second would miss
};

constexpr std::array rows = {
    Row{Fate::not_sent, Then::again, Then::again, Then::again},
    Row{Fate::silent, Then::again, Then::doubt, Then::doubt},
    Row{Fate::cut, Then::again, Then::doubt, Then::doubt},
    Row{Fate::foreign, Then::tell, Then::doubt, Then::doubt},
    Row{Fate::crowded, Then::tell, Then::tell, Then::tell},
    Row{Fate::status, Then::tell, Then::doubt, Then::tell},
    Row{Fate::unavailable, Then::again, Then::doubt, Then::doubt},
    Row{Fate::busy, Then::again, Then::again, Then::again},
    Row{Fate::answered, Then::tell, Then::tell, Then::tell},
};

}  // namespace

Then what_then(Fate fate, bool tls, Repeat repeat) {
    const Row& row = *std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.fate == fate; });
    if (repeat == Repeat::safe) return row.question;
    return tls ? row.tls_act : row.act;
}

Error in_doubt(const Error& why) {
    return {Code::unreachable, why.text +
                                   "; that proves nothing about the request: the host may have carried it out, or may "
                                   "still do so"};
}

}  // namespace fairway::wmi
