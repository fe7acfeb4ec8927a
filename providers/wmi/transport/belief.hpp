// Which answers are the host's own word, and what becomes of a request by them? One table; no I/O.
//
// The host's own word is a text in the protection of the connection: sealed, or inside TLS (or in the clear, where the
// inventory wants no protection). On a sealed connection HTTP itself is in the clear: a status, a header or a body
// without a seal may be anybody's. Whoever stands between can hold a sealed request back, answer in the host's place,
// and deliver the request later; so such an answer proves nothing about it. Inside TLS a status is the host's as well.
#pragma once

#include <string>

#include "engine/base/error.hpp"
#include "providers/wmi/wsman/channel.hpp"

namespace fairway::wmi {

// What became of one try.
enum class Fate {
    not_sent,     // nothing was said
    silent,       // said, and the connection went away without a byte of an answer
    cut,          // said, and no whole answer came: cut off, reset, or too late
    foreign,      // what came is not HTTP, has no seal, or one that does not open
    crowded,      // we stopped taking it in, because all hosts together send too much (room.hpp); of questions only
    status,       // an HTTP status and no text of the host: 401, 403, 302, an empty 200 …
    unavailable,  // HTTP 503 and no text of the host
    busy,         // the host's own word that it did not take the request on (a fault about a quota)
    answered      // the host's own word
};

enum class Then {
    tell,   // the answer, or the Error that it is
    again,  // after a pause, as long as there is patience
    doubt   // whether the host has carried it out, or still will, is unknown: never again, and no refusal
};

Then what_then(Fate fate, bool tls, Repeat repeat);

// The Error of a request in doubt: Code::unreachable, so that nobody takes it for a refusal.
Error in_doubt(const Error& why);

}  // namespace fairway::wmi
