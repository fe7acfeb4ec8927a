// Do the three shapes of CIM's dates and spans become one value, exactly, and is nothing guessed?
#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "providers/wmi/wsman/cim_datetime.hpp"

namespace fairway::wmi::cim::cim_datetime_test {
namespace {

constexpr std::int64_t noon = 1767323045'678901;  // 2026-01-02T03:04:05.678901Z

}  // namespace

TEST_CASE("datetime: one moment in every shape") {
    for (const char* text :
         {"2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.6789012Z", "2026-01-02T03:04:05.678901999Z",
          "2026-01-02T11:04:05.678901+08:00", "2026-01-01T22:34:05.678901-04:30", "20260102030405.678901+000",
          "20260102010405.678901-120", "20260102110405.678901+480", " \n20260102030405.678901+000 "}) {
        CAPTURE(text);
        const auto time = parse_datetime(text);
        REQUIRE(time.has_value());
        CHECK(time->us == noon);
        CHECK_FALSE(time->interval);
    }
    CHECK(parse_datetime("2026-01-02T03:04:05Z")->us == 1767323045'000000);
    CHECK(parse_datetime("2026-01-02T03:04:05.5Z")->us == 1767323045'500000);
    CHECK(parse_datetime("1969-12-31T23:59:59.999999Z")->us == -1);
    CHECK(parse_datetime("2000-02-29T00:00:00Z")->us == 951782400'000000);
    CHECK(parse_datetime("9999-12-31T23:59:59Z")->us == 253402300799'000000);
}

TEST_CASE("datetime: one span in both shapes") {
    for (const char* text :
         {"P0DT0H1M40S", "PT100S", "PT1M40S", "P0Y0M0DT0H1M40.000S", "00000000000140.000000:000", "PT0H100.0000009S"}) {
        CAPTURE(text);
        const auto time = parse_datetime(text);
        REQUIRE(time.has_value());
        CHECK(*time == DateTime{100'000000, true});
    }
    CHECK(parse_datetime("P1D")->us == 86400'000000);
    CHECK(parse_datetime("00000001000000.000000:000")->us == 86400'000000);
    CHECK(parse_datetime("P1DT1.5S")->us == 86401'500000);
    // The greatest span that CIM can write fits, exactly.
    CHECK(parse_datetime("99999999235959.999999:000")->us == 8639999999999'999999);
    CHECK(parse_datetime("P99999999DT23H59M59.999999S")->us == 8639999999999'999999);
}

TEST_CASE("datetime: what is refused") {
    for (const char* text : {"",
                             "P",
                             "PT",
                             "P1",
                             "P1DT",
                             "PT1",
                             "P1Y",
                             "P1M",
                             "P1H",
                             "PT1D",
                             "PT1S1M",
                             "PT1S2S",
                             "P1.5D",
                             "P-1D",
                             "-P1D",
                             "PT.5S",
                             "PT1.S",
                             "P100000000D",
                             "PT99999999999999999S",
                             "PT9000000000000H",
                             "today",
                             "2026-01-02",
                             "2026-01-02T03:04:05",
                             "2026-01-02 03:04:05Z",
                             "2026-02-29T00:00:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-01-02T24:00:00Z",
                             "2026-01-02T03:60:00Z",
                             "2026-01-02T03:04:60Z",
                             "2026-01-02T03:04:05.Z",
                             "2026-01-02T03:04:05+8:00",
                             "2026-01-02T03:04:05+24:00",
                             "2026-01-02T03:04:05+08",
                             "2026-01-02T03:04:05Z ago",
                             "26-01-02T03:04:05Z",
                             "20260102030405.678901",
                             "20260102030405.678901+00",
                             "20260102030405.678901+0000",
                             "20260102030405.67890x+000",
                             "20260230030405.678901+000",
                             "20260102240405.678901+000",
                             "20260102******.******+000",
                             "00000000000140.000000:060",
                             "00000000250000.000000:000",
                             "20260102030405.678901*000"}) {
        CAPTURE(text);
        const auto time = parse_datetime(text);
        REQUIRE_FALSE(time.has_value());
        CHECK(time.error().code == Code::protocol);
    }
}

TEST_CASE("datetime: CIM's own text, there and back") {
    CHECK(*cim_text({noon, false}) == "20260102030405.678901+000");
    CHECK(*cim_text({100'000000, true}) == "00000000000140.000000:000");
    CHECK(*cim_text({-1, false}) == "19691231235959.999999+000");
    for (const char* text : {"20260102030405.678901+000", "00010101000000.000000+000", "99991231235959.999999+000",
                             "99999999235959.999999:000", "00000000000000.000000:000"})
        CHECK(*cim_text(*parse_datetime(text)) == text);
    // Each end of the range, and one step beyond.
    CHECK(*cim_text(*parse_datetime("0000-01-01T00:00:00Z")) == "00000101000000.000000+000");
    CHECK_FALSE(cim_text({parse_datetime("0000-01-01T00:00:00Z")->us - 1, false}).has_value());
    CHECK(*cim_text({253402300799'999999, false}) == "99991231235959.999999+000");
    CHECK_FALSE(cim_text({std::numeric_limits<std::int64_t>::max(), true}).has_value());
    CHECK_FALSE(cim_text({-1, true}).has_value());
    CHECK_FALSE(cim_text({253402300800'000000, false}).has_value());
    CHECK_FALSE(cim_text({8640000000000'000000, true}).has_value());
    CHECK_FALSE(cim_text({std::numeric_limits<std::int64_t>::max(), false}).has_value());
    CHECK_FALSE(cim_text({std::numeric_limits<std::int64_t>::min(), false}).has_value());
}

}  // namespace fairway::wmi::cim::cim_datetime_test
