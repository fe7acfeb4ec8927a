// See belief.hpp. Facts: WMI-16 and WMI-86.
#include "providers/wmi/transport/belief.hpp"

#include <algorithm>
#include <array>

namespace fairway::wmi {
namespace {

struct FateRow {
    Fate fate;
    Then question;      // Repeat::safe
    Then act, tls_act;  // Repeat::never; of a Pull too, since the first may have taken what a second would miss
};

constexpr std::array fate_rows = {
    FateRow{Fate::not_sent, Then::again, Then::again, Then::again},
    FateRow{Fate::silent, Then::again, Then::doubt, Then::doubt},
    FateRow{Fate::cut, Then::again, Then::doubt, Then::doubt},
    FateRow{Fate::foreign, Then::tell, Then::doubt, Then::doubt},
    FateRow{Fate::crowded, Then::tell, Then::tell, Then::tell},
    FateRow{Fate::status, Then::tell, Then::doubt, Then::tell},
    FateRow{Fate::unavailable, Then::again, Then::doubt, Then::doubt},
    FateRow{Fate::busy, Then::again, Then::again, Then::again},
    FateRow{Fate::answered, Then::tell, Then::tell, Then::tell},
};

}  // namespace

Then what_then(Fate fate, bool tls, Repeat repeat) {
    const FateRow& row =
        *std::find_if(fate_rows.begin(), fate_rows.end(), [&](const FateRow& r) { return r.fate == fate; });
    if (repeat == Repeat::safe) return row.question;
    return tls ? row.tls_act : row.act;
}

Error in_doubt(const Error& why) {
    return {Code::unreachable, why.text +
                                   "; that proves nothing about the request: the host may have carried it out, or may "
                                   "still do so"};
}

}  // namespace fairway::wmi
