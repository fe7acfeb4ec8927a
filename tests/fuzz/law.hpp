// What a target checks beyond "it does not crash": a law that does not hold ends the program, as a crash does.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "providers/wmi/wsman/cim.hpp"

namespace fairway::fuzz {

inline void law(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "LAW BROKEN: %s\n", what);
    std::abort();
}

inline std::string_view text_of(const unsigned char* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Every accessor of every property; dates must come back from CIM's own form as they went.
inline void read_all(const wmi::cim::Instance& instance) {
    for (const wmi::cim::Property& property : instance.properties) {
        (void)instance.text(property.name);
        (void)instance.boolean(property.name);
        (void)instance.integer(property.name);
        (void)instance.list(property.name);
        (void)instance.reference(property.name);
        const auto time = instance.datetime(property.name);
        if (!time || !*time) continue;
        const auto written = wmi::cim::cim_text(**time);
        if (!written) continue;
        const auto back = wmi::cim::parse_datetime(*written);
        law(back && *back == **time, "a date that is written in CIM's form is read as the same date");
    }
}

}  // namespace fairway::fuzz
