// Which moment, or which span of time, does a host mean? Servers write CIM datetimes in three shapes (WMI-9,
// WMI-13): ISO 8601, xs:duration, and CIM's own 25 characters (DSP0004 5.2.4). All become one value here, so that
// two texts of one moment are equal. Pure; it knows no XML.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace fairway::wmi::cim {

// Microseconds, the finest that CIM has: since 1970 in UTC, or of a span.
struct DateTime {
    std::int64_t us = 0;
    bool interval = false;

    bool operator==(const DateTime&) const = default;
};

// Digits finer than a microsecond (Windows sends seven) are cut off. Error: no date, one without a zone (it
// would mean another moment to every reader), or one whose digits are not all given (`**`).
Result<DateTime> parse_datetime(std::string_view text);

// CIM's own form, the only one that CIM-XML takes: 20260102030405.678901+000, 00000000000100.000000:000.
// Error: a moment or span that 25 characters cannot hold.
Result<std::string> cim_text(DateTime time);

}  // namespace fairway::wmi::cim
