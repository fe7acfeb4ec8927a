// When may a run make changes? Once, between two moments, or every week by the clock of a time zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway {

// As documents spell it; made by window_from. Of a weekly one the ends are like "saturday 22:00", and `zone` is an IANA
// name. Else they are moments (RFC 3339), and there is no zone.
struct Window {
    std::string from, until, zone;

    friend bool operator==(const Window&, const Window&) = default;
};

// Code::bad_input, in a sentence.
Result<Window> window_from(std::string from, std::string until, std::string zone);

// "FROM/UNTIL", or "FROM/UNTIL ZONE" of a weekly one.
Result<Window> window_from(std::string_view text);
std::string show(const Window& window);

// Whether a text is such an end: a moment with a zone, or a day and a time. Empty: it is; else what is wrong with it.
std::string window_end_oddity(std::string_view text);

// Seconds since 1970, UTC; `until` is no longer in it.
struct Span {
    std::int64_t from = 0, until = 0;

    bool holds(std::int64_t moment) const { return from <= moment && moment < until; }
    friend bool operator==(const Span&, const Span&) = default;
};

// The span of the window that `moment` is in, or the next one; empty: there is none any more. Where a clock shows a
// time twice, it begins with the later and ends with the earlier: never longer than what everybody expects.
std::optional<Span> span_at(const Window& window, std::int64_t moment);

}  // namespace fairway
